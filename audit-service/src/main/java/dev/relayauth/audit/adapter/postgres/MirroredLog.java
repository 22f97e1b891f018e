package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.OutboxEvent;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/**
 * Queues what the log takes of an organisation that wants a topic of its own, in the transaction
 * that stores it: each record once, in the order of the organisation's tree.
 */
@Singleton
final class MirroredLog {
  private static final String SOURCE = "/relayauth/audit/mirror";

  private final Set<String> organizations;

  MirroredLog(AuditConfig config) {
    this.organizations = Set.copyOf(config.mirrorOrganizations().orElse(Set.of()));
  }

  void enqueue(Transaction tx, List<AuditRecord> records) {
    if (organizations.isEmpty()) {
      return;
    }
    for (AuditRecord row : records) {
      if (organizations.contains(row.orgId())) {
        tx.publish(event(row), Json.write(row));
      }
    }
  }

  private static OutboxEvent event(AuditRecord row) {
    return new OutboxEvent(
        Topics.auditOf(row.orgId()),
        row.orgId(),
        row.id(),
        SOURCE,
        row.eventType(),
        row.subject(),
        row.timestamp(),
        null);
  }
}
