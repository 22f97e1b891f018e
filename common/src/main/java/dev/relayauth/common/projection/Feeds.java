package dev.relayauth.common.projection;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The projections of this service: one a topic, shared by all handlers of that topic. */
@Singleton
public final class Feeds {
  private final Map<String, TopicProjection> projections;

  Feeds(
      @All List<FeedHandler> handlers,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      MeterRegistry metrics) {
    Map<String, List<FeedHandler>> byTopic =
        handlers.stream()
            .collect(
                Collectors.groupingBy(FeedHandler::topic, LinkedHashMap::new, Collectors.toList()));
    this.projections = new LinkedHashMap<>();
    byTopic.forEach(
        (topic, readers) -> {
          AppliedSequence applied = new AppliedSequence();
          TopicProjection projection = new TopicProjection(topic, readers, kafka, applied);
          projections.put(topic, projection);
          Tags tags = Tags.of("topic", topic);
          metrics.gauge("relayauth.projection.applied", tags, applied, AppliedSequence::get);
          metrics.gauge("relayauth.projection.lag", tags, projection, TopicProjection::behind);
        });
  }

  void start(@Observes StartupEvent event) {
    projections.values().forEach(TopicProjection::start);
  }

  void stop(@Observes ShutdownEvent event) {
    projections.values().forEach(TopicProjection::close);
  }

  /** The topics this service reads. */
  public Collection<String> topics() {
    return projections.keySet();
  }

  /** The projection of a topic, when this service reads it. */
  public Optional<TopicProjection> find(String topic) {
    return Optional.ofNullable(projections.get(topic));
  }

  /** How far the projection of a topic is; 0 when this service doesn't read it. */
  public long applied(String topic) {
    return find(topic).map(projection -> projection.applied().get()).orElse(0L);
  }

  /** Whether every projection is caught up. */
  public boolean areCaughtUp() {
    return projections.values().stream().allMatch(TopicProjection::isCaughtUp);
  }
}
