/** The live stream: who waits for an organisation's log to grow. */
@NullMarked
package dev.relayauth.audit.domain.stream;

import org.jspecify.annotations.NullMarked;
