package dev.relayauth.common.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.common.json.IsoTimes;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** CloudEvents in Kafka's binary mode: attributes in {@code ce_*} headers, the payload as value. */
public final class KafkaEvents {
  private static final Header SPEC_VERSION = header("ce_specversion", "1.0");
  private static final Header CONTENT_TYPE = header("content-type", "application/json");

  private KafkaEvents() {}

  /** Makes the record of an event. */
  public static ProducerRecord<String, byte[]> toRecord(String topic, CloudEvent event) {
    return toRecord(topic, event, event.time().toString());
  }

  /**
   * Makes the record of an event.
   *
   * @param time of the event, as text
   */
  public static ProducerRecord<String, byte[]> toRecord(
      String topic, CloudEvent event, String time) {
    ProducerRecord<String, byte[]> message = new ProducerRecord<>(topic, event.key(), event.data());
    Headers headers = message.headers();
    headers.add(SPEC_VERSION);
    put(headers, "ce_id", event.id());
    put(headers, "ce_source", event.source());
    put(headers, "ce_type", event.type());
    put(headers, "ce_subject", event.subject());
    put(headers, "ce_time", time);
    put(headers, "ce_sequence", Long.toString(event.sequence()));
    if (event.traceparent() != null) {
      put(headers, "ce_traceparent", event.traceparent());
    }
    headers.add(CONTENT_TYPE);
    return message;
  }

  /**
   * Reads the event in a record.
   *
   * @throws IllegalArgumentException when an attribute is missing or unreadable
   */
  public static CloudEvent fromRecord(ConsumerRecord<String, byte[]> message) {
    Headers headers = message.headers();
    return new CloudEvent(
        get(headers, "ce_id"),
        get(headers, "ce_source"),
        get(headers, "ce_type"),
        get(headers, "ce_subject"),
        message.key(),
        IsoTimes.parse(get(headers, "ce_time")),
        Long.parseLong(get(headers, "ce_sequence")),
        find(headers, "ce_traceparent"),
        message.value());
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(header(name, value));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private static String get(Headers headers, String name) {
    String value = find(headers, name);
    if (value == null) {
      throw new IllegalArgumentException("a record without " + name);
    }
    return value;
  }

  private static @Nullable String find(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
