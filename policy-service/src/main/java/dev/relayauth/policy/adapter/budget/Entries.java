package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.domain.budget.Owner;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The history of the ledger. Blocking. */
@Singleton
public final class Entries {
  private static final String PAGE =
      """
      select * from budget_entry where org_id = ? and owner = ? and n < ? order by n desc limit ?
      """;

  private final Transactions transactions;

  Entries(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * One half of a movement.
   *
   * @param counter the cap: its owner and what it counts
   * @param kind why: {@code lease}, {@code settle}, {@code reserve}, {@code commit}, …
   * @param pot {@code room}, {@code held} or {@code spent}
   * @param amount in units; the two halves sum to zero
   * @param ref the operation, or the replica that leased
   */
  public record Entry(
      long n,
      String counter,
      long bucket,
      String kind,
      String pot,
      long amount,
      String ref,
      Instant at) {}

  /** At most {@code limit} entries of an owner before {@code before}, newest first. */
  public List<Entry> page(String org, Owner owner, long before, int limit) {
    return transactions.read(tx -> tx.query(PAGE, Entries::read, org, owner.key(), before, limit));
  }

  private static Entry read(ResultSet row) throws SQLException {
    return new Entry(
        row.getLong("n"),
        row.getString("key"),
        row.getLong("bucket"),
        row.getString("kind"),
        row.getString("pot"),
        row.getLong("amount"),
        row.getString("ref"),
        Rows.instant(row, "at"));
  }
}
