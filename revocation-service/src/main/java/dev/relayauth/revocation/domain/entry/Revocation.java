package dev.relayauth.revocation.domain.entry;

import dev.relayauth.revocation.domain.feed.Change;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry that is committed.
 *
 * @param id {@code rev_…}
 * @param closed whether it kills tokens of any {@code rev}
 * @param seq its place in commit order
 * @param expiresAt after this no token that it kills can still be unexpired
 */
public record Revocation(
    String id,
    Target target,
    boolean closed,
    @Nullable String reason,
    @Nullable String actorId,
    long seq,
    Instant effectiveAt,
    Instant expiresAt) {
  /** The same entry at its place. */
  public Revocation at(long place) {
    return new Revocation(id, target, closed, reason, actorId, place, effectiveAt, expiresAt);
  }

  /** What it changes in the set. */
  public Change change() {
    return new Change(seq, target, false, id, closed, expiresAt);
  }
}
