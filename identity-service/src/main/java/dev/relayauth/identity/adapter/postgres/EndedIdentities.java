package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Retires identities whose end has come, with all under them: their tokens were over by themselves,
 * their API keys end here. An end is final, as any retirement.
 */
@Singleton
public final class EndedIdentities {
  private static final Logger LOG = Logger.getLogger(EndedIdentities.class);
  private static final long LOOK_MILLIS = 500;
  private static final int CHUNK = 100;

  private final Transactions transactions;
  private final LifecycleAdministration lifecycle;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ended-identities").factory());

  EndedIdentities(Transactions transactions, LifecycleAdministration lifecycle) {
    this.transactions = transactions;
    this.lifecycle = lifecycle;
  }

  private record Ended(String org, String id) {}

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  private void look() {
    try {
      List<Ended> ended =
          transactions.read(
              tx ->
                  tx.query(
                      """
                      select org_id, id from identity
                       where expires_at is not null and status in ('active', 'suspended')
                         and expires_at <= ?
                       order by expires_at limit ?
                      """,
                      row -> new Ended(row.getString(1), row.getString(2)),
                      tx.clock().instant(),
                      CHUNK));
      ended.forEach(identity -> lifecycle.end(identity.org(), identity.id()));
    } catch (StorageException | ServiceUnavailableException e) {
      LOG.debugf("ended identities wait: %s", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("ended identities could not be retired and are tried again", e);
    }
  }
}
