/** The transactional outbox and the relay that publishes it. */
@NullMarked
package dev.relayauth.common.outbox;

import org.jspecify.annotations.NullMarked;
