package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.domain.budget.Escrow;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Does what time brings: settles slices, charges dead leases, expires reservations, tidies up. */
@Singleton
public final class BudgetTimer {
  private static final Logger LOG = Logger.getLogger(BudgetTimer.class);
  private static final int SETTLE_MILLIS = 100;
  private static final int SWEEP_MILLIS = 1_000;
  private static final Duration USAGE_KEPT = Duration.ofDays(70);
  private static final Duration ENTRIES_KEPT = Duration.ofDays(400);

  private final Escrow escrow;
  private final DeadLeases deadLeases;
  private final Operations operations;
  private final Suspensions suspensions;
  private final Transactions transactions;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().daemon().name("budget-", 0).factory());

  BudgetTimer(
      Escrow escrow,
      DeadLeases deadLeases,
      Operations operations,
      Suspensions suspensions,
      Transactions transactions) {
    this.escrow = escrow;
    this.deadLeases = deadLeases;
    this.operations = operations;
    this.suspensions = suspensions;
    this.transactions = transactions;
  }

  void start(@Observes StartupEvent event) {
    every(SETTLE_MILLIS, escrow::tick);
    every(SWEEP_MILLIS, deadLeases::charge);
    every(SWEEP_MILLIS, operations::expire);
    every(SWEEP_MILLIS, suspensions::retry);
    every((int) Duration.ofMinutes(10).toMillis(), this::tidy);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
    escrow.close();
  }

  private void every(int millis, Runnable work) {
    timer.scheduleWithFixedDelay(() -> guarded(work), millis, millis, TimeUnit.MILLISECONDS);
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (StorageException e) {
      LOG.debugf("budgets wait for the database: %s", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the upkeep of budgets failed and is tried again", e);
    }
  }

  /** Forgets usage that no window reaches any more, and history that is over a year old. */
  private void tidy() {
    transactions.write(
        tx -> {
          long usageBefore = tx.clock().instant().minus(USAGE_KEPT).getEpochSecond();
          tx.update("delete from budget_usage where bucket < ?", usageBefore);
          tx.update("delete from budget_share where bucket < ?", usageBefore);
          return tx.update(
              "delete from budget_entry where at < ?", tx.clock().instant().minus(ENTRIES_KEPT));
        });
  }
}
