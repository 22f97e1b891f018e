package dev.relayauth.examples.audit;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * An event as CloudEvents 1.0 writes it in Kafka's binary mode: attributes in headers, the data as
 * the value.
 *
 * @param id unique within the source: both together name the event, however often it is delivered
 */
public record CloudEvent(String source, String id, String type, String subject, byte[] data) {

  /** Reads a record; empty when it is no event, which a consumer passes over. */
  public static Optional<CloudEvent> of(ConsumerRecord<?, byte[]> message) {
    Optional<String> version = header(message, "ce_specversion").filter("1.0"::equals);
    Optional<String> source = header(message, "ce_source");
    Optional<String> id = header(message, "ce_id");
    Optional<String> type = header(message, "ce_type");
    if (version.isEmpty()
        || source.isEmpty()
        || id.isEmpty()
        || type.isEmpty()
        || message.value() == null) {
      return Optional.empty();
    }
    String subject = header(message, "ce_subject").orElse("");
    return Optional.of(
        new CloudEvent(source.get(), id.get(), type.get(), subject, message.value()));
  }

  private static Optional<String> header(ConsumerRecord<?, byte[]> message, String name) {
    Header header = message.headers().lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return type + " " + source + " " + id;
  }
}
