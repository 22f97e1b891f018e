package dev.relayauth.identity;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

/** What the audit topic holds about one organisation. */
final class Trail {
  private final World world;
  private final String org;

  Trail(World world, String org) {
    this.world = world;
    this.org = org;
  }

  /** Waits until a record matches, and returns all of the organisation. */
  List<AuditRecord> await(Predicate<AuditRecord> expected) {
    List<AuditRecord> found = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              found.clear();
              found.addAll(read());
              return found.stream().anyMatch(expected);
            });
    return found;
  }

  /** All records that are there now. */
  List<AuditRecord> read() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", world.bootstrap());
    settings.put("isolation.level", "read_committed");
    List<AuditRecord> records = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.AUDIT).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                received -> {
                  if (org.equals(received.key())) {
                    records.add(Json.read(received.value(), AuditRecord.class));
                  }
                });
      }
    }
    return records;
  }
}
