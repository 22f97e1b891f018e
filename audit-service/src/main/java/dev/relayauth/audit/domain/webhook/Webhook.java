package dev.relayauth.audit.domain.webhook;

import java.time.Instant;
import java.util.List;

/** An address of an organisation that wants to be told. */
public record Webhook(
    String id,
    String org,
    String url,
    List<String> events,
    Status status,
    int failures,
    Instant createdAt) {
  /** Copies the events. */
  public Webhook {
    events = List.copyOf(events);
  }

  /** How it fares; spelled as on the wire. */
  public enum Status {
    /** It takes what it is sent. */
    active,
    /** It has failed several times in a row. */
    degraded,
    /** It has failed for so long, or said so itself, that nothing is sent until it is enabled. */
    disabled
  }
}
