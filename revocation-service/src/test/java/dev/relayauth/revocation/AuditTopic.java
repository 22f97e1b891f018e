package dev.relayauth.revocation;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The audit topic from its beginning, as an outside consumer reads it. */
final class AuditTopic implements AutoCloseable {
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<AuditRecord> seen = new ArrayList<>();

  AuditTopic(String bootstrap) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.AUDIT).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  Optional<AuditRecord> find(String org, String action) {
    consumer
        .poll(Duration.ofMillis(100))
        .forEach(message -> seen.add(Json.read(message.value(), AuditRecord.class)));
    return seen.stream()
        .filter(entry -> entry.orgId().equals(org) && entry.action().equals(action))
        .findFirst();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
