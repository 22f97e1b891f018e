/** Sends messages to webhooks. */
@NullMarked
package dev.relayauth.audit.adapter.internal;

import org.jspecify.annotations.NullMarked;
