package dev.relayauth.common.freshness;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.Feeds;
import dev.relayauth.common.projection.TopicProjection;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Whether what this replica holds of each feed is recent enough to permit anything. */
@Singleton
public final class Freshness {
  private final RelayAuthConfig config;
  private final InternalClient client;
  private final Feeds feeds;
  private final MeterRegistry metrics;
  private final Map<String, FeedMonitor> monitors = new LinkedHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("feed-probe").factory());

  Freshness(RelayAuthConfig config, InternalClient client, Feeds feeds, MeterRegistry metrics) {
    this.config = config;
    this.client = client;
    this.feeds = feeds;
    this.metrics = metrics;
    for (String topic : feeds.topics()) {
      feeds.find(topic).ifPresent(projection -> watch(topic, projection));
    }
  }

  /**
   * Whether the feed is recent; a feed that this service doesn't read is never recent. Lock-free.
   */
  public boolean isFresh(String topic) {
    FeedMonitor monitor = monitors.get(topic);
    return monitor != null && monitor.isFresh();
  }

  /** The feeds that are not recent, in the order of their names. */
  public List<String> stale() {
    return monitors.entrySet().stream()
        .filter(feed -> !feed.getValue().isFresh())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Whether every feed is recent. */
  public boolean isFresh() {
    return monitors.values().stream().allMatch(FeedMonitor::isFresh);
  }

  void start(@Observes StartupEvent event) {
    long every = config.freshness().probeEvery().toMillis();
    timer.scheduleWithFixedDelay(
        () -> monitors.values().forEach(FeedMonitor::probe), 0, every, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  private void watch(String topic, TopicProjection projection) {
    FeedOwners.ownerOf(topic)
        .ifPresent(
            owner -> {
              FeedMonitor monitor =
                  new FeedMonitor(
                      projection,
                      applied -> ask(owner, topic, applied),
                      config.freshness().bound());
              monitors.put(topic, monitor);
              metrics.gauge(
                  "relayauth.feed.stale",
                  List.of(Tag.of("topic", topic)),
                  monitor,
                  m -> m.isFresh() ? 0 : 1);
              metrics.gauge(
                  "relayauth.feed.age.seconds",
                  List.of(Tag.of("topic", topic)),
                  monitor,
                  m -> Math.min(m.ageNanos() / 1e9, 86_400));
            });
  }

  /**
   * Tells the owner of a feed, for somebody who waits for it, as soon as this replica has applied
   * {@code sequence}. Whoever isn't told so hears of it by the next probe all the same.
   */
  public void acknowledge(String topic, long sequence) {
    FeedMonitor monitor = monitors.get(topic);
    if (monitor != null) {
      feeds
          .find(topic)
          .ifPresent(
              projection ->
                  projection
                      .applied()
                      .await(sequence, config.freshness().bound())
                      .thenAccept(reached -> acknowledge(monitor, reached)));
    }
  }

  /** The others who apply the same entry at this moment come first. */
  private void acknowledge(FeedMonitor monitor, boolean reached) {
    if (reached) {
      timer.execute(monitor::probe);
    }
  }

  private CompletableFuture<Probe.Echo> ask(String owner, String topic, long applied) {
    return client
        .post(owner, "/internal/v1/probes", new Probe(config.node(), topic, applied))
        .thenApply(
            reply -> {
              if (!reply.isSuccess()) {
                throw new ServiceUnavailableException(owner + " answered " + reply.status());
              }
              return Json.read(reply.body(), Probe.Echo.class);
            });
  }

  /** How far this replica is in a feed. */
  public long applied(String topic) {
    return feeds.applied(topic);
  }
}
