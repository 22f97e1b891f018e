/** Webhooks: what they ask for, where they may point, and when to try again. */
@NullMarked
package dev.relayauth.audit.domain.webhook;

import org.jspecify.annotations.NullMarked;
