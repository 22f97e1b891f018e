/** The entries and the verifier registry in PostgreSQL. */
@NullMarked
package dev.relayauth.revocation.adapter.postgres;

import org.jspecify.annotations.NullMarked;
