package dev.relayauth.audit.domain.epoch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An epoch as the log knows it by now. What it has not yet read may still come: an epoch that lacks
 * something is closed once all of it is there.
 *
 * @param records how many of its records are in the log
 * @param highest the highest number that is known to have been given
 * @param expected how many there are, when the node has said so
 * @param missing how many are known to be missing; null while the epoch is open
 */
public record Epoch(
    String id,
    String source,
    String service,
    String node,
    State state,
    long records,
    long highest,
    @Nullable Long expected,
    @Nullable Long missing,
    Instant startedAt,
    @Nullable Instant openedAt,
    Instant lastSeenAt,
    @Nullable Instant closedAt) {

  /** How it stands; spelled as on the wire. */
  public enum State {
    /** The node lives, as far as is known. */
    open,
    /** The node has stopped, and all that it took is in the log. */
    closed,
    /** The node has stopped, and some of what it took is not in the log. */
    incomplete,
    /** The node is gone without a word: what it took last may be lost. */
    unclosed
  }
}
