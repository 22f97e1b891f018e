package dev.relayauth.audit.adapter.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.common.event.AuditRecord;
import java.time.Instant;

/** An entry as clients read it: the record's members, and when it came into the log. */
public record EntryView(@JsonUnwrapped AuditRecord content, Instant createdAt) {
  static EntryView of(AuditEntry entry) {
    return new EntryView(entry.content(), entry.createdAt());
  }
}
