package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Revocation;
import dev.relayauth.revocation.domain.entry.Target;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How entries become rows and events, and rows entries. */
final class RevocationRows {
  private static final String INSERT =
      """
      insert into revocation
        (id, org, kind, target, closed, reason, actor, seq, effective_at, expires_at, current, asked)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, true, ?)
      """;

  private RevocationRows() {}

  static void insert(Transaction tx, Revocation entry, boolean asked) throws SQLException {
    tx.update(
        INSERT,
        entry.id(),
        entry.target().org(),
        entry.target().kind().wireName(),
        entry.target().id(),
        entry.closed(),
        entry.reason(),
        entry.actorId(),
        entry.seq(),
        entry.effectiveAt(),
        entry.expiresAt(),
        asked);
  }

  static Revocation read(ResultSet row) throws SQLException {
    return new Revocation(
        row.getString("id"),
        target(row),
        row.getBoolean("closed"),
        row.getString("reason"),
        row.getString("actor"),
        row.getLong("seq"),
        Rows.instant(row, "effective_at"),
        Rows.instant(row, "expires_at"));
  }

  static Target target(ResultSet row) throws SQLException {
    String kind = row.getString("kind");
    return new Target(
        row.getString("org"),
        RevocationKind.ofWireName(kind).orElseThrow(() -> new SQLException("a kind " + kind)),
        row.getString("target"));
  }

  static RevocationState state(Revocation entry) {
    return new RevocationState(
        entry.id(),
        entry.target().org(),
        entry.target().kind().wireName(),
        entry.target().id(),
        entry.closed(),
        entry.reason(),
        entry.actorId(),
        entry.effectiveAt(),
        entry.expiresAt(),
        entry.seq());
  }
}
