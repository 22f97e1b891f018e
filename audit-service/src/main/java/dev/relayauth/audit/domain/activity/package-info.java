/** What one agent did, on whose behalf, and what hangs below it. */
@NullMarked
package dev.relayauth.audit.domain.activity;

import org.jspecify.annotations.NullMarked;
