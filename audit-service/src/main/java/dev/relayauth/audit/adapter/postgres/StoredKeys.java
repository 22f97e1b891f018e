package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds which of some records the log has already. */
final class StoredKeys {
  private static final String FIND =
      """
      select r.org, r.id, r.timestamp
      from unnest(?::text[], ?::text[], ?::text[]::timestamptz[]) as k (org, id, at)
      join audit_record r on audit_hash(r.org, r.id) = audit_hash(k.org, k.id)
        and r.timestamp = k.at and r.org = k.org and r.id = k.id
      """;

  private StoredKeys() {}

  /** What makes a record the same one. */
  record Key(String org, String id, Instant timestamp) {
    static Key of(AuditRecord row) {
      return new Key(row.orgId(), row.id(), row.timestamp());
    }
  }

  static Set<Key> among(Transaction tx, List<AuditRecord> records) throws SQLException {
    return new HashSet<>(
        tx.query(
            FIND,
            row -> new Key(row.getString(1), row.getString(2), Rows.instant(row, "timestamp")),
            records.stream().map(AuditRecord::orgId).toList(),
            records.stream().map(AuditRecord::id).toList(),
            records.stream().map(row -> row.timestamp().toString()).toList()));
  }
}
