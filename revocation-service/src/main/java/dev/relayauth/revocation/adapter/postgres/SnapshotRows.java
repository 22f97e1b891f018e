package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.revocation.domain.feed.Change;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Pages of what is in force, and of what was taken away, in commit order. Blocks. */
@Singleton
public final class SnapshotRows {
  private static final String ENTRIES =
      "select * from revocation where org = ? and seq > ? and current order by seq limit ?";
  private static final String REMOVED =
      """
      select * from revocation_change
      where org in (?, '') and seq > ? and gone order by seq limit ?
      """;
  private static final String LAST =
      """
      select greatest(
        (select seq from revocation_change_floor),
        (select max(seq) from revocation_change where org = ?),
        (select max(seq) from revocation_change where org = ''))
      """;

  private final Transactions transactions;

  SnapshotRows(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Entries of that organisation in force after a place. */
  public List<Change> entries(String org, long after, int limit) {
    return transactions.read(tx -> tx.query(ENTRIES, SnapshotRows::entry, org, after, limit));
  }

  /** What was taken away after a place. */
  public List<Change> removed(String org, long after, int limit) {
    return transactions.read(tx -> tx.query(REMOVED, ChangeRows::read, org, after, limit));
  }

  /** The place of the last change for an organisation, or a later one. */
  public long lastChange(String org) {
    return transactions.read(tx -> tx.first(LAST, row -> row.getLong(1), org).orElse(0L));
  }

  /** Changes after this place are still known. */
  public long floor() {
    String sql = "select seq from revocation_change_floor";
    return transactions.read(tx -> tx.first(sql, row -> row.getLong(1)).orElse(0L));
  }

  private static Change entry(ResultSet row) throws SQLException {
    return new Change(
        row.getLong("seq"),
        RevocationRows.target(row),
        false,
        row.getString("id"),
        row.getBoolean("closed"),
        Rows.instant(row, "expires_at"));
  }
}
