package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.audit.domain.tree.TreeLog;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Has the trees that have grown checkpointed, about every second. */
@Singleton
final class CheckpointTimer {
  private static final Logger LOG = Logger.getLogger(CheckpointTimer.class);

  private final TreeLog trees;
  private final long everyMillis;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("checkpoints").factory());

  CheckpointTimer(TreeLog trees, AuditConfig config) {
    this.trees = trees;
    this.everyMillis = config.checkpointEvery().toMillis();
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::sign, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  private void sign() {
    try {
      trees.signChanged();
    } catch (RuntimeException e) {
      LOG.warnf("checkpoints wait: %s", e.getMessage());
    }
  }
}
