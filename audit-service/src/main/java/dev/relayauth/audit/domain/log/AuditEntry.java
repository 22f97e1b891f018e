package dev.relayauth.audit.domain.log;

import dev.relayauth.common.event.AuditRecord;
import java.time.Instant;

/** A record in the log. */
public record AuditEntry(AuditRecord content, Instant createdAt) {
  /** Its place in the log. */
  public Place place() {
    return new Place(content.timestamp(), content.id());
  }

  /** Where a page ends: everything before it is older. */
  public record Place(Instant timestamp, String id) {}
}
