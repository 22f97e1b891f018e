package dev.relayauth.common.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A human who answers for agents; the id is unique within the organisation only. */
public record SponsorState(
    String orgId,
    String id,
    String name,
    @Nullable String email,
    Status status,
    Instant createdAt,
    Instant updatedAt,
    long revision) {

  /** Whether the human is still with the organisation. */
  public enum Status {
    active,
    offboarded
  }
}
