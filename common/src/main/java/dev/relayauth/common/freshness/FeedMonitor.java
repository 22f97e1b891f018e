package dev.relayauth.common.freshness;

import dev.relayauth.common.projection.TopicProjection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;

/**
 * Proves that one projection is recent: it is as fresh as the moment at which the newest probe was
 * sent whose answer has been applied. By the monotonic clock; no other clock takes part.
 */
public final class FeedMonitor {
  private static final int MAX_UNANSWERED = 64;

  private final TopicProjection projection;
  private final LongFunction<CompletableFuture<Probe.Echo>> probe;
  private final long boundNanos;
  private final AtomicBoolean inFlight = new AtomicBoolean();
  private final Deque<Answer> ahead = new ArrayDeque<>();
  private volatile boolean probeAgain;
  private volatile boolean proven;
  private volatile long provenAt;

  private record Answer(long sequence, long sentAt) {}

  /**
   * A monitor of {@code projection}.
   *
   * @param probe sends a probe that says how far this reader is
   * @param bound how long a proof holds
   */
  public FeedMonitor(
      TopicProjection projection,
      LongFunction<CompletableFuture<Probe.Echo>> probe,
      Duration bound) {
    this.projection = projection;
    this.probe = probe;
    this.boundNanos = bound.toNanos();
    projection.applied().onAdvance(this::settle);
  }

  /** Whether everything committed up to the bound ago has been applied here. Lock-free. */
  public boolean isFresh() {
    return proven && !projection.isBroken() && ageNanos() <= boundNanos;
  }

  /** How old the newest proof is, in nanoseconds; {@link Long#MAX_VALUE} before the first. */
  public long ageNanos() {
    return proven ? System.nanoTime() - provenAt : Long.MAX_VALUE;
  }

  /** Sends a probe, unless one is under way; then another follows it. */
  public void probe() {
    if (!inFlight.compareAndSet(false, true)) {
      probeAgain = true;
      return;
    }
    probeAgain = false;
    long sentAt = System.nanoTime();
    probe
        .apply(projection.applied().get())
        .whenComplete(
            (echo, failure) -> {
              if (failure == null) {
                answered(new Answer(echo.sequence(), sentAt));
              }
              inFlight.set(false);
              if (probeAgain && failure == null) {
                probe();
              }
            });
  }

  private void answered(Answer answer) {
    synchronized (ahead) {
      if (ahead.size() == MAX_UNANSWERED) {
        ahead.removeFirst();
      }
      ahead.addLast(answer);
    }
    settle();
  }

  private void settle() {
    if (!projection.isCaughtUp()) {
      return;
    }
    long applied = projection.applied().get();
    synchronized (ahead) {
      while (!ahead.isEmpty() && ahead.getFirst().sequence <= applied) {
        long sentAt = ahead.removeFirst().sentAt;
        if (!proven || sentAt - provenAt > 0) {
          provenAt = sentAt;
          proven = true;
        }
      }
    }
  }
}
