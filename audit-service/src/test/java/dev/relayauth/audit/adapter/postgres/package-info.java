/** How the log asks PostgreSQL. */
@NullMarked
package dev.relayauth.audit.adapter.postgres;

import org.jspecify.annotations.NullMarked;
