package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.budget.Ledger.Lease;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of leases. Whoever changes one holds the lock of its counter. */
final class LeaseRows {
  private static final String OWN =
      """
      select key, bucket, amount, sequence, carried from budget_lease
       where node = ? and org_id = ? and key = any(?)
      """;
  private static final String ALL_OWN =
      "select key, bucket, amount, sequence, carried from budget_lease where node = ? and org_id = ?";
  private static final String PUT =
      """
      insert into budget_lease
             (org_id, key, bucket, node, amount, sequence, carried, recalled, expires_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')
      on conflict (org_id, key, bucket, node) do update
         set amount = excluded.amount, sequence = excluded.sequence, carried = excluded.carried,
             recalled = excluded.recalled, expires_at = excluded.expires_at
      """;
  private static final String OTHERS =
      """
      select distinct key from budget_lease
       where org_id = ? and key = any(?) and node <> ? and amount > 0
      """;
  private static final String CARRIED =
      "select distinct key from budget_lease where org_id = ? and key = any(?) and carried > 0";
  private static final String RECALL =
      """
      update budget_lease set recalled = true
       where org_id = ? and key = any(?) and node <> ? and amount > 0 and not recalled
      """;
  private static final String RECALLED =
      "select org_id, key from budget_lease where node = ? and recalled and amount > 0";

  private LeaseRows() {}

  static List<Lease> all(Transaction tx, String node, String org) throws SQLException {
    return tx.query(ALL_OWN, LeaseRows::read, node, org);
  }

  /** A replica's leases of some counters, by {@link #name}. */
  static Map<String, Lease> of(Transaction tx, String node, String org, Collection<String> keys)
      throws SQLException {
    Map<String, Lease> leases = new HashMap<>();
    for (Lease lease : tx.query(OWN, LeaseRows::read, node, org, keys)) {
      leases.put(name(lease.key(), lease.bucket()), lease);
    }
    return leases;
  }

  static String name(String key, long bucket) {
    return key + "@" + bucket;
  }

  private static Lease read(ResultSet row) throws SQLException {
    return new Lease(
        row.getString("key"),
        row.getLong("bucket"),
        row.getLong("amount"),
        row.getLong("sequence"),
        row.getLong("carried"));
  }

  /** Writes leases that last for another while from now. */
  static void put(Transaction tx, String node, String org, List<Lease> leases, Duration ttl)
      throws SQLException {
    try (PreparedStatement statement = tx.connection().prepareStatement(PUT)) {
      for (Lease lease : leases) {
        statement.setString(1, org);
        statement.setString(2, lease.key());
        statement.setLong(3, lease.bucket());
        statement.setString(4, node);
        statement.setLong(5, lease.amount());
        statement.setLong(6, lease.sequence());
        statement.setLong(7, lease.carried());
        // What a month holds of it comes back soon.
        statement.setBoolean(8, lease.carried() > 0);
        statement.setLong(9, ttl.toMillis());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /**
   * Of which of the counters others hold leases; and of which months anybody holds what was leased
   * by the day before they were capped, which is recalled as long as that is so.
   */
  static Set<String> heldByOthers(Transaction tx, String node, String org, Collection<String> keys)
      throws SQLException {
    if (keys.isEmpty()) {
      return Set.of();
    }
    Set<String> held = new HashSet<>(tx.query(OTHERS, row -> row.getString(1), org, keys, node));
    List<String> days = keys.stream().filter(Months::isMonth).map(Months::day).toList();
    if (!days.isEmpty()) {
      tx.query(CARRIED, row -> row.getString(1), org, days)
          .forEach(day -> held.add(Months.month(day)));
    }
    return held;
  }

  /** Asks the others to return what they don't use. */
  static void recall(Transaction tx, String node, String org, Collection<String> keys)
      throws SQLException {
    if (!keys.isEmpty()) {
      tx.update(RECALL, org, keys, node);
    }
  }

  static Map<String, List<String>> recalled(Transaction tx, String node) throws SQLException {
    Map<String, List<String>> keys = new HashMap<>();
    tx.query(
        RECALLED,
        row ->
            keys.computeIfAbsent(row.getString(1), org -> new ArrayList<>()).add(row.getString(2)),
        node);
    return keys;
  }
}
