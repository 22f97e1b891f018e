package dev.relayauth.audit.domain.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When to try again, and when to stop. */
public record RetryRule(
    Duration first,
    Duration longest,
    int attempts,
    int degradedAfter,
    int disabledAfterFailures,
    Duration disabledAfter) {
  private static final int FACTOR = 4;
  private static final int GONE = 410;

  /**
   * How long to wait after so many attempts: four times as long each time, between half of that and
   * the whole by chance, so that what failed together doesn't come back together. Empty when that
   * was the last.
   */
  public Optional<Duration> wait(int attempted, RandomGenerator random) {
    if (attempted >= attempts) {
      return Optional.empty();
    }
    long whole = first.toMillis();
    for (int i = 1; i < attempted && whole < longest.toMillis(); i++) {
      whole *= FACTOR;
    }
    long bounded = Math.max(2, Math.min(whole, longest.toMillis()));
    return Optional.of(Duration.ofMillis(bounded / 2 + random.nextLong(bounded / 2 + 1)));
  }

  /** How a webhook fares after so many failures in a row, of which this was the last. */
  public Webhook.Status afterFailure(
      int failures, Instant failingSince, Instant now, @Nullable Integer responseStatus) {
    boolean longEnough = !now.isBefore(failingSince.plus(disabledAfter));
    if ((responseStatus != null && responseStatus == GONE)
        || (failures >= disabledAfterFailures && longEnough)) {
      return Webhook.Status.disabled;
    }
    return failures >= degradedAfter ? Webhook.Status.degraded : Webhook.Status.active;
  }
}
