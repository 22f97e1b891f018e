package dev.relayauth.audit.adapter.webhook;

import dev.relayauth.audit.adapter.postgres.PostgresDeliveries;
import dev.relayauth.audit.adapter.postgres.PostgresDeliveries.Due;
import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.common.outbound.OutboundPost;
import dev.relayauth.common.outbox.StorageException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Sends what is due, a few messages of each webhook at a time, and keeps the outcome. */
@Singleton
final class WebhookDispatcher {
  private static final Logger LOG = Logger.getLogger(WebhookDispatcher.class);
  private static final int EVERY_MILLIS = 250;
  private static final int FORGET_MINUTES = 10;
  private static final int MAX_IN_FLIGHT = 256;

  private final PostgresDeliveries deliveries;
  private final WebhookSender sender;
  private final InstantSource clock;
  private final Duration keepLog;
  private final Map<String, Integer> busy = new ConcurrentHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("webhooks").factory());

  WebhookDispatcher(
      PostgresDeliveries deliveries,
      WebhookSender sender,
      InstantSource clock,
      AuditConfig config) {
    this.deliveries = deliveries;
    this.sender = sender;
    this.clock = clock;
    this.keepLog = config.webhooks().keepLog();
  }

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::round, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(this::forget, 1, FORGET_MINUTES, TimeUnit.MINUTES);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  private void round() {
    if (inFlight.get() >= MAX_IN_FLIGHT) {
      return;
    }
    try {
      List<Due> due = deliveries.claim(busy.keySet());
      due.forEach(one -> busy.merge(one.webhookId(), 1, Integer::sum));
      inFlight.addAndGet(due.size());
      due.forEach(one -> Thread.ofVirtual().name("webhook").start(() -> deliver(one)));
    } catch (RuntimeException e) {
      LOG.warnf("webhooks wait: %s", e.getMessage());
    }
  }

  private void deliver(Due due) {
    try {
      switch (sender.send(due)) {
        case OutboundPost.Outcome.Answered answer when answer.isSuccess() ->
            deliveries.succeeded(due, answer.status());
        case OutboundPost.Outcome.Answered answer ->
            deliveries.failed(due, answer.status(), "the receiver answered " + answer.status());
        case OutboundPost.Outcome.Unanswered none -> deliveries.failed(due, null, none.why());
      }
    } catch (StorageException e) {
      // The lease runs out, and it comes again: at least once.
      LOG.warnf("the outcome of delivery %s is not kept: %s", due.id(), e.getMessage());
    } finally {
      busy.computeIfPresent(due.webhookId(), (id, count) -> count > 1 ? count - 1 : null);
      inFlight.decrementAndGet();
    }
  }

  private void forget() {
    try {
      deliveries.forget(clock.instant().minus(keepLog));
    } catch (RuntimeException e) {
      LOG.warnf("old deliveries stay for now: %s", e.getMessage());
    }
  }
}
