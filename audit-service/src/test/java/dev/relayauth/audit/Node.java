package dev.relayauth.audit;

import dev.relayauth.common.event.AuditEpoch;
import dev.relayauth.common.event.AuditEpoch.Phase;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.KafkaEvents;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One life of a node, which sends numbered records and says how it is. */
final class Node implements AutoCloseable {
  private final KafkaProducer<String, byte[]> producer;
  private final String name;
  private final Instant startedAt;

  Node(String bootstrap, String name, Instant startedAt) {
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap),
            new StringSerializer(),
            new ByteArraySerializer());
    this.name = name;
    this.startedAt = startedAt;
  }

  String source() {
    return "/relayauth/policy/" + name + "/" + startedAt.toEpochMilli();
  }

  /** Returns once the broker has it. */
  void send(long number, AuditRecord content) {
    send(
        new CloudEvent(
            content.id(),
            source(),
            content.eventType(),
            content.orgId(),
            content.orgId(),
            content.timestamp(),
            number,
            null,
            Json.write(content)),
        Topics.AUDIT);
  }

  /** Returns once the broker has it. */
  void say(Phase phase, long records, Instant at) {
    send(
        new CloudEvent(
            phase + "-" + at.toEpochMilli(),
            source(),
            phase.eventType(),
            name,
            source(),
            at,
            records,
            null,
            Json.write(new AuditEpoch(source(), "policy", name, startedAt, records))),
        Topics.AUDIT_EPOCH);
  }

  private void send(CloudEvent event, String topic) {
    try {
      producer.send(KafkaEvents.toRecord(topic, event)).get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
