package dev.relayauth.common.outbox;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event to be published once its transaction has committed; its sequence comes later.
 *
 * @param key the Kafka key: {@code org/kind/id}, or the organisation for audit records
 */
public record OutboxEvent(
    String topic,
    String key,
    String id,
    String source,
    String type,
    String subject,
    Instant time,
    @Nullable String traceparent) {

  /** Checks that what names the event is there. */
  public OutboxEvent {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(time, "time");
  }
}
