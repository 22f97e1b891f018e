package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.common.projection.Feeds;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Has old records removed now and then, once it is known what each organisation keeps. */
@Singleton
final class RetentionTimer {
  private static final Logger LOG = Logger.getLogger(RetentionTimer.class);
  private static final long FIRST_MILLIS = 60_000;

  private final Retention retention;
  private final Feeds feeds;
  private final long everyMillis;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("retention").factory());

  RetentionTimer(Retention retention, Feeds feeds, AuditConfig config) {
    this.retention = retention;
    this.feeds = feeds;
    this.everyMillis = config.retentionEvery().toMillis();
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::run, FIRST_MILLIS, everyMillis, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  private void run() {
    try {
      if (feeds.areCaughtUp()) {
        retention.run();
      }
    } catch (RuntimeException e) {
      LOG.warnf("old records stay for now: %s", e.getMessage());
    }
  }
}
