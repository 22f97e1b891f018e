package dev.relayauth.revocation.domain.entry;

import dev.relayauth.common.revocation.RevocationKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long an entry stays: five minutes longer than the last token it can kill. */
public final class Retention {
  /** The end of an entry that has none. */
  public static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  /** How long a replaced entry is kept as history. */
  public static final Duration HISTORY = Duration.ofDays(40);

  private static final Duration LONGEST_ACCESS = Duration.ofHours(24);
  private static final Duration LONGEST_REFRESH = Duration.ofDays(30);
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private Retention() {}

  /**
   * The end of an entry made at {@code now}.
   *
   * @param lastKilled when the last token it kills expires, where the caller knows
   * @param replaced the end of the open entry it replaces: what that one kills, this one kills too
   */
  public static Instant end(
      RevocationKind kind,
      boolean closed,
      Instant now,
      @Nullable Instant lastKilled,
      @Nullable Instant replaced) {
    Instant own = end(kind, closed, now, lastKilled);
    return replaced == null || replaced.isBefore(own) ? own : replaced;
  }

  private static Instant end(
      RevocationKind kind, boolean closed, Instant now, @Nullable Instant lastKilled) {
    if (lastKilled != null) {
      Instant last = lastKilled.isBefore(now) ? now : lastKilled;
      return last.plus(MARGIN);
    }
    if (closed) {
      return NEVER;
    }
    return now.plus(longestLife(kind)).plus(MARGIN);
  }

  /** A refresh family dies with any name but a token's, and may bring forth a last access token. */
  private static Duration longestLife(RevocationKind kind) {
    return kind == RevocationKind.TOKEN ? LONGEST_ACCESS : LONGEST_REFRESH.plus(LONGEST_ACCESS);
  }
}
