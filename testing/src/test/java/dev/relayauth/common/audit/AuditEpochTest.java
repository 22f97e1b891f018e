package dev.relayauth.common.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.event.AuditEpoch;
import dev.relayauth.common.event.AuditEpoch.Phase;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.KafkaEvents;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The emitter with a real broker. */
final class AuditEpochTest {
  private static final int RECORDS = 50;

  @BeforeAll
  static void start() {
    LocalServers servers = new LocalServers();
    servers.init(Map.of("service", "policy"));
    servers.start();
  }

  @Test
  void aStopHandsOverEveryRecordAndThenClosesTheEpochWithTheirNumber() {
    AuditEmitter emitter =
        new AuditEmitter(
            config(),
            Map.of("bootstrap.servers", World.get().bootstrap()),
            new StrictOrganizations(),
            InstantSource.system(),
            new SimpleMeterRegistry());
    emitter.start(new StartupEvent());
    await().until(() -> emitter.offer(numbered(1), null));
    for (int i = 2; i <= RECORDS; i++) {
      assertThat(emitter.offer(numbered(i), null)).isTrue();
    }

    emitter.stop(new ShutdownEvent());

    List<ConsumerRecord<String, byte[]>> messages = messages();
    List<CloudEvent> events = messages.stream().map(KafkaEvents::fromRecord).toList();
    assertThat(events)
        .filteredOn(event -> !event.type().startsWith(AuditEpoch.TYPES))
        .extracting(CloudEvent::sequence)
        .containsExactlyInAnyOrderElementsOf(numbers());
    assertThat(events)
        .filteredOn(event -> event.type().equals(Phase.opened.eventType()))
        .hasSizeLessThanOrEqualTo(1);
    assertThat(events)
        .filteredOn(event -> event.type().equals(Phase.closed.eventType()))
        .singleElement()
        .satisfies(
            closing -> {
              AuditEpoch epoch = Json.read(closing.data(), AuditEpoch.class);
              assertThat(epoch.records()).isEqualTo(RECORDS);
              assertThat(epoch.source()).isEqualTo(closing.source());
            });
    assertThat(closing(messages).timestamp())
        .isGreaterThanOrEqualTo(
            messages.stream().mapToLong(ConsumerRecord::timestamp).max().orElseThrow());
    assertThat(emitter.offer(numbered(RECORDS + 1), null)).isFalse();
  }

  private static ConsumerRecord<String, byte[]> closing(
      List<ConsumerRecord<String, byte[]>> messages) {
    return messages.stream()
        .filter(m -> KafkaEvents.fromRecord(m).type().equals(Phase.closed.eventType()))
        .findFirst()
        .orElseThrow();
  }

  private static List<Long> numbers() {
    List<Long> numbers = new ArrayList<>();
    for (long i = 1; i <= RECORDS; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private static List<ConsumerRecord<String, byte[]>> messages() {
    List<ConsumerRecord<String, byte[]>> messages = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", World.get().bootstrap()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          Stream.of(Topics.AUDIT, Topics.AUDIT_EPOCH)
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(part -> new TopicPartition(part.topic(), part.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(part -> consumer.position(part) < ends.get(part))) {
        consumer.poll(Duration.ofMillis(200)).forEach(messages::add);
      }
    }
    return messages;
  }

  private static RelayAuthConfig config() {
    return new SmallRyeConfigBuilder()
        .withMapping(RelayAuthConfig.class)
        .withDefaultValues(
            Map.ofEntries(
                Map.entry("relayauth.service", "policy"),
                Map.entry("relayauth.node", "policy-1"),
                Map.entry("relayauth.issuer", "https://auth.test"),
                Map.entry("relayauth.revision-key", "unused"),
                Map.entry("relayauth.internal.private-key-file", "unused"),
                Map.entry("relayauth.internal.trusted-keys-file", "unused"),
                // The defaults, which only Quarkus can read.
                Map.entry("relayauth.internal.timeout", "PT2S"),
                Map.entry("relayauth.freshness.bound", "PT1S"),
                Map.entry("relayauth.freshness.probe-every", "PT0.25S"),
                Map.entry("relayauth.freshness.wait-for-revision", "PT1S"),
                Map.entry("relayauth.outbox.linger", "PT0S")))
        .build()
        .getConfigMapping(RelayAuthConfig.class);
  }

  private static AuditRecord numbered(int number) {
    return new AuditRecord(
        "aud_" + number,
        "scope.checked",
        null,
        "org_" + number,
        null,
        null,
        null,
        AuditRecord.Result.allowed,
        null,
        List.of(),
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        Instant.EPOCH);
  }
}
