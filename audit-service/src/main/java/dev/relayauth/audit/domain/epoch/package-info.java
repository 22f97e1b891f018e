/** Epochs: whether what each node has taken is in the log. */
@NullMarked
package dev.relayauth.audit.domain.epoch;

import org.jspecify.annotations.NullMarked;
