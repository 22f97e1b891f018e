package dev.relayauth.audit.domain.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of one message to a webhook. */
public record Delivery(
    String id,
    String webhookId,
    String event,
    Status status,
    int attempts,
    @Nullable Integer responseStatus,
    @Nullable String error,
    Instant createdAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant endedAt) {
  /** How far it is; spelled as on the wire. */
  public enum Status {
    pending,
    delivered,
    failed
  }
}
