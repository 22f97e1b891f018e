/** Organisations, workspaces, sponsors, identities and API keys in PostgreSQL. */
@NullMarked
package dev.relayauth.identity.adapter.postgres;

import org.jspecify.annotations.NullMarked;
