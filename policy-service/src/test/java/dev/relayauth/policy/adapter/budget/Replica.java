package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.policy.domain.budget.Charge;
import dev.relayauth.policy.domain.budget.Demand;
import dev.relayauth.policy.domain.budget.Escrow;
import dev.relayauth.policy.domain.budget.Ledger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A replica's escrow with its timer, which can be killed as {@code kill -9} would. */
final class Replica {
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Escrow escrow;

  Replica(Ledger ledger, String node, Duration ttl, boolean exact) {
    Escrow.Settings settings =
        new Escrow.Settings(
            exact,
            ttl,
            Duration.ofMillis(50),
            Duration.ofMillis(300),
            Duration.ofSeconds(20),
            20_000);
    escrow = new Escrow(ledger, node, InstantSource.system(), settings, workers);
    timer.scheduleWithFixedDelay(this::tick, 20, 20, TimeUnit.MILLISECONDS);
  }

  CompletableFuture<Charge> charge(String org, List<Demand> demands) {
    return escrow.charge(org, demands);
  }

  /**
   * Ends without a word to the ledger of what it used; whoever waits at this moment is answered.
   */
  void kill() {
    timer.shutdownNow();
    workers.shutdown();
  }

  /** Ends as a service does that is told to stop. */
  void stop() {
    timer.shutdownNow();
    escrow.close();
    workers.shutdown();
  }

  private void tick() {
    try {
      escrow.tick();
    } catch (StorageException e) {
      // The next tick tries again.
      return;
    }
  }
}
