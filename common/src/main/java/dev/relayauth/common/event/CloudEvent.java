package dev.relayauth.common.event;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvents 1.0 event as it travels in Kafka's binary mode.
 *
 * @param id unique within {@code source}
 * @param source the service (and, for records outside a transaction, the node) that made it
 * @param type {@code dev.relayauth.<entity>.<past-tense>.v1}
 * @param subject the aggregate's id
 * @param key the Kafka key: {@code org/kind/id}, or the organisation for audit records
 * @param time when it happened
 * @param sequence its place among the events of its source; later is larger
 * @param traceparent the W3C trace context of the request that caused it
 * @param data the JSON payload; {@code null} is a tombstone
 */
public record CloudEvent(
    String id,
    String source,
    String type,
    String subject,
    String key,
    Instant time,
    long sequence,
    @Nullable String traceparent,
    byte @Nullable [] data) {

  /** Checks that what names the event is there. */
  public CloudEvent {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(time, "time");
  }

  /** The key of an aggregate: {@code org/kind/id}. */
  public static String key(String org, String kind, String id) {
    return org + "/" + kind + "/" + id;
  }

  /** The type of an event: entity and past tense, with underscores as hyphens. */
  public static String type(String entity, String pastTense) {
    return "dev.relayauth." + entity.replace('_', '-') + "." + pastTense.replace('_', '-') + ".v1";
  }
}
