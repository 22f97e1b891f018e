package dev.relayauth.revocation.domain.propagation;

import dev.relayauth.revocation.domain.propagation.Verifiers.Standing;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until no verifier can permit what an entry kills. Each has either applied it, or has no
 * proof of freshness that is younger than the commit and so denies once the bound has passed.
 */
public final class Propagation {
  private static final long SHORTEST_PAUSE = Duration.ofMillis(1).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofMillis(20).toNanos();

  private final Verifiers verifiers;
  private final Duration bound;

  /** Waits for the verifiers of that registry, whose proofs of freshness hold for {@code bound}. */
  public Propagation(Verifiers verifiers, Duration bound) {
    this.verifiers = verifiers;
    this.bound = bound;
  }

  /**
   * How it went.
   *
   * @param verifiers how many have applied the entry; others that exist deny everything
   * @param maxMillis how long after the commit the last of them had, rounded up
   */
  public record Acknowledged(int verifiers, long maxMillis) {}

  /**
   * Blocks until then, for the bound at most.
   *
   * @param committedAt a reading of {@link System#nanoTime} that is not before the commit
   */
  public Acknowledged await(long seq, long committedAt) {
    long pause = SHORTEST_PAUSE;
    verifiers.hurry(seq);
    while (true) {
      Standing standing = verifiers.standing(seq, bound);
      long elapsed = System.nanoTime() - committedAt;
      boolean all = standing.complete() && standing.behind() == 0;
      if (all || elapsed > bound.toNanos()) {
        return new Acknowledged(standing.live() - standing.behind(), millis(elapsed));
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }

  private static long millis(long nanos) {
    return Math.ceilDiv(nanos, 1_000_000);
  }
}
