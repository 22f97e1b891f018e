package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.epoch.Epoch;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Counts the epochs of the last day by how they stand, and what those that have ended lack. Each
 * replica shows the same.
 */
@Singleton
public final class EpochWatch {
  private static final Logger LOG = Logger.getLogger(EpochWatch.class);
  private static final int EVERY_SECONDS = 15;

  private final PostgresEpochs epochs;
  private volatile Map<Epoch.State, PostgresEpochs.Sum> sums = new EnumMap<>(Epoch.State.class);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("epoch-watch").factory());

  EpochWatch(PostgresEpochs epochs, MeterRegistry metrics) {
    this.epochs = epochs;
    for (Epoch.State state : Epoch.State.values()) {
      Tags tags = Tags.of("state", state.name());
      metrics.gauge("relayauth.audit.epochs", tags, this, watch -> watch.sum(state).epochs());
    }
    metrics.gauge("relayauth.audit.records.missing", this, EpochWatch::missing);
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::run, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  /** Counts now. */
  public void look() {
    sums = epochs.lately();
  }

  private void run() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.debugf("the epochs are not counted: %s", e.getMessage());
    }
  }

  private PostgresEpochs.Sum sum(Epoch.State state) {
    return sums.getOrDefault(state, PostgresEpochs.Sum.NONE);
  }

  private long missing() {
    return sum(Epoch.State.incomplete).missing() + sum(Epoch.State.unclosed).missing();
  }
}
