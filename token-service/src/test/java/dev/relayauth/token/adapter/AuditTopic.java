package dev.relayauth.token.adapter;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.KafkaEvents;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads what has been published to the audit topic. */
final class AuditTopic {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

  private AuditTopic() {}

  /** One record as published. */
  record Entry(String type, AuditRecord record) {}

  /** The first entry, from the beginning, that is the one; fails when it doesn't come. */
  static Entry await(Predicate<Entry> wanted) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                World.get().bootstrap(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.AUDIT).stream()
              .map(part -> new TopicPartition(part.topic(), part.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (System.nanoTime() - end < 0) {
        for (ConsumerRecord<String, byte[]> message : consumer.poll(Duration.ofMillis(200))) {
          CloudEvent event = KafkaEvents.fromRecord(message);
          Entry entry = new Entry(event.type(), Json.read(event.data(), AuditRecord.class));
          if (wanted.test(entry)) {
            return entry;
          }
        }
      }
    }
    throw new AssertionError("no such record was published");
  }
}
