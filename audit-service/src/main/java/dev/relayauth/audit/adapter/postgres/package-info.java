/** The log in PostgreSQL. */
@NullMarked
package dev.relayauth.audit.adapter.postgres;

import org.jspecify.annotations.NullMarked;
