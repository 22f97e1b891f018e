/** Sends messages to webhooks. */
@NullMarked
package dev.relayauth.audit.adapter.webhook;

import org.jspecify.annotations.NullMarked;
