package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.stream.Listeners;
import dev.relayauth.common.outbox.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Looks whether the trees that somebody listens to have grown, whichever replica made them grow;
 * asks nothing while nobody listens.
 */
@Singleton
final class GrowthWatch {
  private static final Logger LOG = Logger.getLogger(GrowthWatch.class);
  private static final int EVERY_MILLIS = 150;

  private final Transactions transactions;
  private final Listeners listeners;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("growth-watch").factory());

  GrowthWatch(Transactions transactions, Listeners listeners) {
    this.transactions = transactions;
    this.listeners = listeners;
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
    listeners.close();
  }

  private void look() {
    Set<String> orgs = listeners.orgs();
    if (orgs.isEmpty()) {
      return;
    }
    try {
      sizes(orgs).forEach(listeners::seen);
    } catch (RuntimeException e) {
      LOG.debugf("the streams wait: %s", e.getMessage());
    }
  }

  private Map<String, Long> sizes(Set<String> orgs) {
    return transactions
        .read(
            tx ->
                tx.query(
                    "select org, size from audit_tree where org = any(?)",
                    row -> Map.entry(row.getString(1), row.getLong(2)),
                    orgs))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
