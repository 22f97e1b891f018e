/** Keys, sessions and tokens in PostgreSQL. */
@NullMarked
package dev.relayauth.token.adapter.postgres;

import org.jspecify.annotations.NullMarked;
