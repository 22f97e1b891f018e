package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.epoch.Epoch;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Epochs, as the batches that were stored tell of them. */
@Singleton
public final class PostgresEpochs {
  private static final String LATELY =
      """
      select state, count(*), sum(missing)::bigint from audit_epoch_state
      where last_seen_at > clock_timestamp() - interval '1 day' group by state
      """;

  private final Transactions transactions;

  PostgresEpochs(Transactions transactions) {
    this.transactions = transactions;
  }

  /** How many epochs are in a state, and how many records they lack. */
  record Sum(long epochs, long missing) {
    static final Sum NONE = new Sum(0, 0);
  }

  private record StateSum(Epoch.State state, Sum sum) {}

  /** Epochs of all nodes, newest first. */
  public List<Epoch> page(int limit, @Nullable Cursor after) {
    String sql =
        "select * from audit_epoch_state"
            + (after == null ? "" : " where (started_at, id) < (?, ?)")
            + " order by started_at desc, id desc limit ?";
    return transactions.read(
        tx ->
            after == null
                ? tx.query(sql, PostgresEpochs::read, limit)
                : tx.query(sql, PostgresEpochs::read, after.createdAt(), after.id(), limit));
  }

  /** What was heard of within a day, by state. */
  Map<Epoch.State, Sum> lately() {
    Map<Epoch.State, Sum> sums = new EnumMap<>(Epoch.State.class);
    transactions
        .read(
            tx ->
                tx.query(
                    LATELY,
                    row ->
                        new StateSum(
                            Epoch.State.valueOf(row.getString(1)),
                            new Sum(row.getLong(2), row.getLong(3)))))
        .forEach(one -> sums.put(one.state(), one.sum()));
    return sums;
  }

  private static Epoch read(ResultSet row) throws SQLException {
    Epoch.State state = Epoch.State.valueOf(row.getString("state"));
    return new Epoch(
        row.getString("id"),
        row.getString("source"),
        row.getString("service"),
        row.getString("node"),
        state,
        row.getLong("records"),
        row.getLong("highest"),
        row.getObject("closing", Long.class),
        state == Epoch.State.open ? null : row.getLong("missing"),
        Rows.instant(row, "started_at"),
        Rows.instantOrNull(row, "opened_at"),
        Rows.instant(row, "last_seen_at"),
        Rows.instantOrNull(row, "closed_at"));
  }
}
