/** Roles and policies in PostgreSQL. */
@NullMarked
package dev.relayauth.policy.adapter.postgres;

import org.jspecify.annotations.NullMarked;
