package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.revocation.domain.entry.Retention;
import dev.relayauth.revocation.domain.entry.Revocation;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Takes entries away that can kill nothing any more: the row, and a tombstone for the readers, in
 * one transaction. One replica sweeps at a time.
 */
@Singleton
public final class Sweeper {
  private static final Logger LOG = Logger.getLogger(Sweeper.class);
  private static final int LOCK = 0x53574550;
  private static final int BATCH = 500;
  private static final long EVERY_SECONDS = 30;
  private static final String EXPIRED =
      """
      delete from revocation where id in (
        select id from revocation where current and expires_at <= ?
        order by expires_at limit ? for update skip locked)
      returning *
      """;

  private final Transactions transactions;
  private final Burial burial;
  private final SignalQueue signals;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("revocation-sweeper").factory());

  Sweeper(Transactions transactions, Burial burial, SignalQueue signals) {
    this.transactions = transactions;
    this.burial = burial;
    this.signals = signals;
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::run, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdown();
  }

  /** Sweeps until nothing is left to sweep, or another replica does; returns how many went. */
  public int sweep() {
    int total = 0;
    int swept = BATCH;
    while (swept == BATCH) {
      swept = transactions.write(this::sweepBatch).value();
      total += swept;
    }
    return total;
  }

  private void run() {
    try {
      int swept = sweep();
      LOG.debugf("%d entries had expired", swept);
    } catch (StorageException e) {
      LOG.warnf("the sweeper pauses: %s", e.getMessage());
    }
  }

  private int sweepBatch(Transaction tx) throws SQLException {
    String lock = "select pg_try_advisory_xact_lock(?, hashtext(current_schema()))";
    if (!tx.first(lock, row -> row.getBoolean(1), LOCK).orElse(false)) {
      return 0;
    }
    Instant now = tx.clock().instant();
    // The row's lock makes sure that no newer entry of the name takes its place before the
    // tombstone does.
    List<Revocation> gone = tx.query(EXPIRED, RevocationRows::read, now, BATCH);
    burial.bury(tx, gone, now);
    tidy(tx, now);
    return gone.size();
  }

  private void tidy(Transaction tx, Instant now) throws SQLException {
    tx.update(
        "delete from revocation where not current and effective_at < ?",
        now.minus(Retention.HISTORY));
    burial.forget(tx, now);
    signals.forget(tx, now);
    tx.update("delete from verifier where seen_at < now() - interval '1 hour'");
  }
}
