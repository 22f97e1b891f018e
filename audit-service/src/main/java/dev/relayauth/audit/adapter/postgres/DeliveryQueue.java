package dev.relayauth.audit.adapter.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.audit.domain.webhook.EventNames;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Queues messages in the transaction of the records they tell of: once, or not at all. */
@Singleton
final class DeliveryQueue {
  private static final String INSERT =
      """
      insert into audit_delivery
        (id, webhook_id, org, event, entry_id, body, next_attempt_at, created_at)
      values (?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String HOOKS =
      "select id, org, events from audit_webhook where org = any(?) and status <> 'disabled'";

  private final IdSource ids;

  DeliveryQueue(IdSource ids) {
    this.ids = ids;
  }

  private record Hook(String id, String org, List<String> events) {}

  /** The body of a message (Standard Webhooks): what happened, when, and the entry. */
  record Message(String type, Instant timestamp, AuditRecord data) {}

  void enqueue(Transaction tx, Set<String> orgs, List<AuditRecord> records) throws SQLException {
    if (orgs.isEmpty()) {
      return;
    }
    Map<String, List<Hook>> hooks =
        tx
            .query(
                HOOKS,
                row -> new Hook(row.getString(1), row.getString(2), Rows.strings(row, "events")),
                orgs)
            .stream()
            .collect(Collectors.groupingBy(Hook::org));
    try (PreparedStatement insert = tx.connection().prepareStatement(INSERT)) {
      for (AuditRecord row : records) {
        for (Hook hook : hooks.getOrDefault(row.orgId(), List.of())) {
          if (EventNames.match(hook.events(), row.action())) {
            add(insert, hook, row, tx.clock().instant());
          }
        }
      }
      insert.executeBatch();
    }
  }

  private void add(PreparedStatement insert, Hook hook, AuditRecord row, Instant now)
      throws SQLException {
    byte[] body = Json.write(new Message(row.action(), row.timestamp(), row));
    insert.setString(1, ids.next(IdPrefix.EVENT));
    insert.setString(2, hook.id());
    insert.setString(3, hook.org());
    insert.setString(4, row.action());
    insert.setString(5, row.id());
    insert.setString(6, new String(body, UTF_8));
    insert.setObject(7, now.atOffset(ZoneOffset.UTC));
    insert.setObject(8, OffsetDateTime.ofInstant(now, ZoneOffset.UTC));
    insert.addBatch();
  }
}
