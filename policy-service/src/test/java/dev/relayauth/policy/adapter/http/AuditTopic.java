package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.World;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

/** What has arrived on the audit topic, read from its beginning. */
final class AuditTopic {
  private static AuditTopic instance;

  private final List<AuditRecord> records = new CopyOnWriteArrayList<>();

  private AuditTopic(String bootstrap) {
    Thread.ofPlatform().daemon().name("audit-reader").start(() -> read(bootstrap));
  }

  static synchronized AuditTopic of(World world) {
    if (instance == null) {
      instance = new AuditTopic(world.bootstrap());
    }
    return instance;
  }

  /** The newest record of that action in an organisation, once there is one. */
  AuditRecord find(String org, String action) {
    return find(org, action, found -> true);
  }

  /** The newest such record that also is as wanted. */
  AuditRecord find(String org, String action, Predicate<AuditRecord> wanted) {
    return Awaitility.await()
        .until(
            () ->
                records.reversed().stream()
                    .filter(r -> r.orgId().equals(org) && r.action().equals(action))
                    .filter(wanted)
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** All records of that action in an organisation, newest first. */
  List<AuditRecord> all(String org, String action) {
    return records.stream()
        .filter(r -> r.orgId().equals(org) && r.action().equals(action))
        .sorted(Comparator.comparing(AuditRecord::timestamp).reversed())
        .toList();
  }

  /** How many records of that action there are. */
  long count(String org, String action) {
    return records.stream().filter(r -> r.orgId().equals(org) && r.action().equals(action)).count();
  }

  private void read(String bootstrap) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed");
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.AUDIT).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (true) {
        for (ConsumerRecord<String, byte[]> message : consumer.poll(Duration.ofMillis(200))) {
          records.add(Json.read(message.value(), AuditRecord.class));
        }
      }
    }
  }
}
