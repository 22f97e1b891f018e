package dev.relayauth.examples.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads RelayAuth's audit topic from outside and keeps what it says. Events come at least once; the
 * ledger has them before the place in the topic is committed, and knows those that it has, so that
 * a crash at any moment loses nothing and doubles nothing. For one thread.
 */
public final class AuditConsumer implements AutoCloseable {
  /** The public topic. */
  public static final String TOPIC = "relayauth.audit.v1";

  private static final Duration WAIT = Duration.ofMillis(500);

  private final KafkaConsumer<String, byte[]> consumer;
  private final Ledger ledger;

  /**
   * A consumer of a group, from the beginning when the group is new.
   *
   * @param security further settings of the client, such as those of TLS and SASL
   */
  public AuditConsumer(
      String bootstrap, String group, Map<String, String> security, Ledger ledger) {
    Map<String, Object> settings = new HashMap<>(security);
    settings.put("bootstrap.servers", bootstrap);
    settings.put("group.id", group);
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", false);
    settings.put("isolation.level", "read_committed");
    this.consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    this.ledger = ledger;
    consumer.subscribe(List.of(TOPIC));
  }

  /** Runs one: {@code KAFKA_BOOTSTRAP_SERVERS}, and the file to keep events in. */
  public static void main(String[] arguments) throws IOException {
    String bootstrap = System.getenv().getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092");
    try (Ledger ledger = Ledger.open(Path.of(arguments[0]));
        AuditConsumer audit = new AuditConsumer(bootstrap, "audit-example", Map.of(), ledger)) {
      while (true) {
        audit.poll();
      }
    }
  }

  /**
   * Takes what has come.
   *
   * @return how many events were new
   */
  public int poll() throws IOException {
    List<CloudEvent> events = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> message : consumer.poll(WAIT)) {
      CloudEvent.of(message).ifPresent(events::add);
    }
    int fresh = ledger.add(events);
    consumer.commitSync();
    return fresh;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
