package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Deletes sessions whose last token has been over for a week, with their tokens, and assertions
 * nobody would accept any more: a batch a transaction, so that nothing waits for it.
 */
@Singleton
public final class Purge {
  private static final Logger LOG = Logger.getLogger(Purge.class);
  private static final Duration KEPT = Duration.ofDays(7);
  private static final int BATCH = 1_000;
  private static final int EVERY_SECONDS = 60;
  private static final String SESSIONS =
      """
      with over as (
        select sid from session
        where expires_at < ? and unconfirmed_revocation is null
        order by expires_at limit %d for update skip locked
      ), tokens as (delete from token where sid in (select sid from over))
      delete from session where sid in (select sid from over)
      """
          .formatted(BATCH);
  private static final String ASSERTIONS =
      """
      delete from used_assertion where digest in (
        select digest from used_assertion
        where expires_at < ? order by expires_at limit %d for update skip locked)
      """
          .formatted(BATCH);

  private final Transactions transactions;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("purge").factory());

  Purge(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::run, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  private void run() {
    try {
      int purged = purge();
      if (purged > 0) {
        LOG.infof("%d sessions and assertions that were long over are gone", purged);
      }
    } catch (StorageException e) {
      LOG.warnf("the purge waits: %s", e.getMessage());
    }
  }

  /** Deletes all there is to delete; how many that were. Blocking. */
  public int purge() {
    Instant now = clock.instant();
    return purge(SESSIONS, now.minus(KEPT)) + purge(ASSERTIONS, now);
  }

  private int purge(String sql, Instant before) {
    int all = 0;
    int last = BATCH;
    while (last == BATCH) {
      last = transactions.write(tx -> tx.update(sql, before)).value();
      all += last;
    }
    return all;
  }
}
