package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.budget.Ledger.Usage;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
      returning key
      """;
  private static final String USAGE =
      """
      select n.key, coalesce(sum(u.spent), 0) as spent, coalesce(sum(u.held), 0) as held
        from unnest(?::text[], ?::bigint[]) as n (key, since)
        left join lateral budget_counted(?, n.key, n.since) u on true
       group by n.key
      """;
  private static final String USAGE_AND_LEASES =
      """
      select n.key, coalesce(u.spent, 0) as spent, coalesce(u.held, 0) as held,
             coalesce(l.leased, 0) as leased
        from unnest(?::text[], ?::bigint[]) as n (key, since)
        left join lateral (select sum(spent) as spent, sum(held) as held
               from budget_counted(?, n.key, n.since)) u on true
        left join lateral (
               select sum(case when l.key = c.key then l.amount else l.carried end) as leased
               from budget_counted(?, n.key, n.since) c
               join budget_lease l on l.org_id = c.org_id and l.bucket = c.bucket
                and l.key in (c.key, regexp_replace(c.key, '/cost-month$', '/cost-day'))) l on true
      """;
  private static final String MOVE =
      """
      insert into budget_usage (org_id, key, bucket, held, spent, ends, latest)
      values (?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0))
      on conflict (org_id, key, bucket) do update
         set held = budget_usage.held + excluded.held,
             spent = budget_usage.spent + excluded.spent,
             ends = greatest(budget_usage.ends, excluded.ends),
             latest = greatest(budget_usage.latest,
                 case when excluded.latest is not null
                   and coalesce(budget_usage.ends, excluded.ends) is not null
                   then least(excluded.latest, greatest(budget_usage.ends, excluded.ends) - 1) end)
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
  private final Set<String> locked = new HashSet<>();

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
   * @param ends when the bucket ends; 0 where the ledger knows it already
   */
  record Movement(
      String key, long bucket, String kind, Pot from, Pot to, long amount, String ref, long ends) {
    /** Whether something may be taken at the moment of the movement, or since the last one. */
    private boolean takes() {
      return from == Pot.room || kind.equals("settle") || kind.equals("lost");
    }
  }

  /** What changes of a bucket. */
  private record Sum(long held, long spent, long ends, long latest) {
    private Sum plus(Sum other) {
      return new Sum(
          held + other.held,
          spent + other.spent,
          Math.max(ends, other.ends),
          Math.max(latest, other.latest));
    }
  }

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
    lock(keys, List.of());
  }

  /**
   * The same, and locks others where they are known.
   *
   * @param others that are not made; {@link #isLocked} tells which of them there are
   */
  void lock(Collection<String> keys, Collection<String> others) throws SQLException {
    TreeSet<String> ordered = new TreeSet<>(keys);
    List<String> opened =
        isKnown(ordered)
            ? List.of()
            : tx.query(OPEN, row -> row.getString(1), org, List.copyOf(ordered));
    List<String> months = opened.stream().filter(Months::isMonth).toList();
    months.forEach(key -> ordered.add(Months.day(key)));
    ordered.addAll(others);
    locked.addAll(tx.query(LOCK, row -> row.getString(1), org, List.copyOf(ordered)));
    for (String key : months) {
      new Carry(tx, this, org).into(key);
    }
    writeMovements();
  }

  /** Whether there is that counter, and it is locked. */
  boolean isLocked(String key) {
    return locked.contains(key);
  }

  /** Locks those that aren't yet: a month may be capped while the day's lock is waited for. */
  void lockNew(Collection<String> keys) throws SQLException {
    List<String> missing = keys.stream().filter(key -> !locked.contains(key)).toList();
    if (!missing.isEmpty()) {
      lock(missing);
    }
  }

  /** Whether all of some counters are known. */
  boolean isKnown(Collection<String> keys) throws SQLException {
    return tx.first(KNOWN, row -> row.getLong(1), org, List.copyOf(keys)).orElse(0L) == keys.size();
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
      long now = tx.clock().instant().getEpochSecond();
      Map<Since, Sum> sums = new LinkedHashMap<>();
      for (Movement movement : movements) {
        sums.merge(
            new Since(movement.key, movement.bucket),
            new Sum(
                change(movement, Pot.held),
                change(movement, Pot.spent),
                movement.ends,
                movement.takes() ? now : 0),
            Sum::plus);
        entry(entry, movement, movement.from, -movement.amount);
        entry(entry, movement, movement.to, movement.amount);
      }
      for (Map.Entry<Since, Sum> sum : sums.entrySet()) {
        sum(move, sum.getKey(), sum.getValue());
      }
      move.executeBatch();
      entry.executeBatch();
    }
    movements.clear();
  }

  private void sum(PreparedStatement move, Since counter, Sum change) throws SQLException {
    move.setString(1, org);
    move.setString(2, counter.key);
    move.setLong(3, counter.bucket);
    move.setLong(4, change.held);
    move.setLong(5, change.spent);
    move.setLong(6, change.ends);
    move.setLong(7, change.ends > 0 ? Math.min(change.latest, change.ends - 1) : change.latest);
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
