package dev.relayauth.audit.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads audit records as anyone may who is let in: with a group of its own, once for each pair of
 * source and id, and with what it was told last committed after it was told.
 */
public final class AuditTail implements AutoCloseable {
  private final KafkaConsumer<String, byte[]> consumer;
  private final Set<String> seen = new HashSet<>();

  /** Of every organisation, in a group. */
  public AuditTail(String bootstrap, String group) {
    this(bootstrap, group, "relayauth.audit.v1");
  }

  /** Of a topic, such as that of one organisation. */
  public AuditTail(String bootstrap, String group, String topic) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrap,
                "group.id", group,
                "enable.auto.commit", "false",
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of(topic));
  }

  /** An event of the topic. */
  public record Event(String type, String subject, String org, String json) {}

  /** Hands over what has come since the last time. */
  public void poll(Consumer<Event> handler) {
    for (ConsumerRecord<String, byte[]> message : consumer.poll(Duration.ofMillis(200))) {
      boolean first = seen.add(header(message, "ce_source") + " " + header(message, "ce_id"));
      if (first && message.value() != null) {
        handler.accept(
            new Event(
                header(message, "ce_type"),
                header(message, "ce_subject"),
                message.key(),
                new String(message.value(), UTF_8)));
      }
    }
    consumer.commitSync();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private static String header(ConsumerRecord<String, byte[]> message, String name) {
    Header header = message.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }
}
