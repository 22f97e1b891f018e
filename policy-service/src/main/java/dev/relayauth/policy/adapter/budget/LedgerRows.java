package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.budget.Ledger.Usage;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The rows of one transaction on the counters of an organisation. Counters are locked in the order
 * of their keys, whatever is done with them; movements are written at the end, all at once.
 */
final class LedgerRows {
  private static final String KNOWN =
      "select count(*) from budget_counter where org_id = ? and key = any(?)";
  // The order of the keys must be Java's as well, whatever the database's collation.
  private static final String LOCK =
      """
      select key from budget_counter where org_id = ? and key = any(?)
       order by key collate "C" for update
      """;
  private static final String OPEN =
      """
      insert into budget_counter (org_id, key) select ?, unnest(?::text[]) on conflict do nothing
      """;
  private static final String USAGE =
      """
      select n.key, coalesce(sum(u.spent), 0) as spent, coalesce(sum(u.held), 0) as held
        from unnest(?::text[], ?::bigint[]) as n (key, since)
        left join budget_usage u on u.org_id = ? and u.key = n.key and u.bucket >= n.since
       group by n.key
      """;
  private static final String USAGE_AND_LEASES =
      """
      select n.key, coalesce(u.spent, 0) as spent, coalesce(u.held, 0) as held,
             coalesce(l.leased, 0) as leased
        from unnest(?::text[], ?::bigint[]) as n (key, since)
        left join lateral (select sum(spent) as spent, sum(held) as held from budget_usage
               where org_id = ? and key = n.key and bucket >= n.since) u on true
        left join lateral (select sum(amount) as leased from budget_lease
               where org_id = ? and key = n.key and bucket >= n.since) l on true
      """;
  private static final String MOVE =
      """
      insert into budget_usage (org_id, key, bucket, held, spent) values (?, ?, ?, ?, ?)
      on conflict (org_id, key, bucket) do update
         set held = budget_usage.held + excluded.held, spent = budget_usage.spent + excluded.spent
      """;
  private static final String ENTRY =
      """
      insert into budget_entry (org_id, owner, key, bucket, kind, pot, amount, ref, at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String SHARE =
      """
      insert into budget_share (org_id, key, bucket, identity_id, spent, credited)
      values (?, ?, ?, ?, ?, ?)
      on conflict (org_id, identity_id, key, bucket) do update
         set spent = budget_share.spent + excluded.spent,
             credited = budget_share.credited + excluded.credited
      """;

  private final Transaction tx;
  private final String org;
  private final List<Movement> movements = new ArrayList<>();
  private final List<Share> shares = new ArrayList<>();

  LedgerRows(Transaction tx, String org) {
    this.tx = tx;
    this.org = org;
  }

  /** Where an amount is. */
  enum Pot {
    room,
    held,
    spent
  }

  /**
   * An amount that goes from one pot to another.
   *
   * @param kind why: {@code lease}, {@code settle}, {@code return}, {@code reserve}, …
   * @param ref the lease's replica, or the operation
   */
  record Movement(
      String key, long bucket, String kind, Pot from, Pot to, long amount, String ref) {}

  /**
   * What an identity itself spent of a bucket of a counter, or was given back of it.
   *
   * @param spent less than nothing for what a permit did not need
   */
  record Share(Since counter, String spender, long spent, long credited) {}

  /** A bucket of a counter: where its usage begins to count, or one that changes. */
  record Since(String key, long bucket) {}

  /**
   * Locks counters until the transaction ends; once a transaction, for all that it will touch. New
   * ones are made before any is locked, so that nobody waits for a new one while holding another.
   */
  void lock(Collection<String> keys) throws SQLException {
    List<String> ordered = List.copyOf(new TreeSet<>(keys));
    long known = tx.first(KNOWN, row -> row.getLong(1), org, ordered).orElse(0L);
    if (known < ordered.size()) {
      tx.update(OPEN, org, ordered);
    }
    tx.query(LOCK, row -> row.getString(1), org, ordered);
  }

  /** What counts, by key. */
  Map<String, Usage> usage(Collection<Since> counters) throws SQLException {
    List<String> keys = new ArrayList<>();
    List<String> buckets = new ArrayList<>();
    for (Since since : counters) {
      keys.add(since.key);
      buckets.add(Long.toString(since.bucket));
    }
    Map<String, Usage> usage = new HashMap<>();
    tx.query(
        USAGE,
        row ->
            usage.put(row.getString("key"), new Usage(row.getLong("spent"), row.getLong("held"))),
        keys,
        buckets,
        org);
    return usage;
  }

  /** What counts, by key, and what of it replicas have on lease, at one moment. */
  Map<String, Usage> usageAndLeases(Collection<Since> counters) throws SQLException {
    Map<String, Usage> usage = new HashMap<>();
    tx.query(
        USAGE_AND_LEASES,
        row ->
            usage.put(
                row.getString("key"),
                new Usage(row.getLong("spent"), row.getLong("held"), row.getLong("leased"))),
        counters.stream().map(Since::key).toList(),
        counters.stream().map(since -> Long.toString(since.bucket)).toList(),
        org,
        org);
    return usage;
  }

  /** Moves an amount; nothing happens for none. */
  void move(Movement movement) {
    if (movement.amount != 0) {
      movements.add(movement);
    }
  }

  /** Takes note of whose a movement of money is; nothing happens for none. */
  void share(Share share) {
    if (share.spent != 0 || share.credited != 0) {
      shares.add(share);
    }
  }

  /** Writes the movements: the sums, two entries each, and whose they are. */
  void write() throws SQLException {
    writeMovements();
    writeShares();
  }

  private void writeShares() throws SQLException {
    if (shares.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tx.connection().prepareStatement(SHARE)) {
      for (Share share : shares) {
        statement.setString(1, org);
        statement.setString(2, share.counter.key);
        statement.setLong(3, share.counter.bucket);
        statement.setString(4, share.spender);
        statement.setLong(5, share.spent);
        statement.setLong(6, share.credited);
        statement.addBatch();
      }
      statement.executeBatch();
    }
    shares.clear();
  }

  private void writeMovements() throws SQLException {
    if (movements.isEmpty()) {
      return;
    }
    try (PreparedStatement move = tx.connection().prepareStatement(MOVE);
        PreparedStatement entry = tx.connection().prepareStatement(ENTRY)) {
      Map<Since, Usage> sums = new LinkedHashMap<>();
      for (Movement movement : movements) {
        sums.merge(
            new Since(movement.key, movement.bucket),
            new Usage(change(movement, Pot.spent), change(movement, Pot.held)),
            (one, other) -> new Usage(one.spent() + other.spent(), one.held() + other.held()));
        entry(entry, movement, movement.from, -movement.amount);
        entry(entry, movement, movement.to, movement.amount);
      }
      for (Map.Entry<Since, Usage> sum : sums.entrySet()) {
        sum(move, sum.getKey(), sum.getValue());
      }
      move.executeBatch();
      entry.executeBatch();
    }
    movements.clear();
  }

  private void sum(PreparedStatement move, Since counter, Usage change) throws SQLException {
    move.setString(1, org);
    move.setString(2, counter.key);
    move.setLong(3, counter.bucket);
    move.setLong(4, change.held());
    move.setLong(5, change.spent());
    move.addBatch();
  }

  private static long change(Movement movement, Pot pot) {
    return (movement.to == pot ? movement.amount : 0)
        - (movement.from == pot ? movement.amount : 0);
  }

  private void entry(PreparedStatement entry, Movement movement, Pot pot, long amount)
      throws SQLException {
    entry.setString(1, org);
    entry.setString(2, owner(movement.key));
    entry.setString(3, movement.key);
    entry.setLong(4, movement.bucket);
    entry.setString(5, movement.kind);
    entry.setString(6, pot.name());
    entry.setLong(7, amount);
    entry.setString(8, movement.ref);
    entry.setObject(
        9, java.time.OffsetDateTime.ofInstant(tx.clock().instant(), java.time.ZoneOffset.UTC));
    entry.addBatch();
  }

  /** The owner of a counter: the first two parts of its key. */
  static String owner(String key) {
    return key.substring(0, key.indexOf('/', key.indexOf('/') + 1));
  }
}
