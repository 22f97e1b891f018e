package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.adapter.budget.LedgerRows.Movement;
import dev.relayauth.policy.adapter.budget.LedgerRows.Pot;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a new counter of months begins with: what was taken by the day, before months were capped.
 * What is held by the day, for a reservation or a lease, the month holds as well until that is
 * settled.
 */
final class Carry {
  private static final long REACH = 32 * 86_400L;
  private static final String DAYS =
      """
      select bucket, held, spent, coalesce(ends, 0) as ends from budget_usage
       where org_id = ? and key = ? and bucket >= ? and held + spent > 0
      """;
  private static final String LEASES =
      """
      update budget_lease set carried = amount, recalled = true
       where org_id = ? and key = ? and bucket >= ? and amount > 0
      returning bucket, amount
      """;
  // Who has one of them at this moment knows nothing of the month: that one counts as spent.
  private static final String RESERVATIONS =
      """
      with open as (
        select id from budget_operation
         where org_id = ? and status = 'reserved'
           and allocations @> jsonb_build_array(jsonb_build_object('key', ?::text))
           for update skip locked),
      parts as (
        select o.id, a ->> 'bucket' as bucket, a ->> 'amount' as amount,
               jsonb_build_object(
                 'key', ?::text, 'bucket', a -> 'bucket', 'amount', a -> 'amount') as part
          from budget_operation o join open using (id),
               jsonb_array_elements(o.allocations) a
         where o.org_id = ? and a ->> 'key' = ?),
      carried as (
        update budget_operation o set allocations = o.allocations || parts.part
          from parts where o.org_id = ? and o.id = parts.id)
      select bucket::bigint as bucket, amount::bigint as amount from parts
      """;
  private static final String SHARES =
      """
      insert into budget_share (org_id, key, bucket, identity_id, spent, credited)
      select org_id, ?, bucket, identity_id, spent, credited from budget_share
       where org_id = ? and key = ? and bucket >= ?
      on conflict do nothing
      """;

  private final Transaction tx;
  private final LedgerRows rows;
  private final String org;

  Carry(Transaction tx, LedgerRows rows, String org) {
    this.tx = tx;
    this.rows = rows;
    this.org = org;
  }

  private record Part(long bucket, long amount) {}

  private record Day(long bucket, long held, long spent, long ends) {}

  /** Begins a counter of months; that of days is locked as well. */
  void into(String month) throws SQLException {
    String day = Months.day(month);
    long since = tx.clock().instant().getEpochSecond() - REACH;
    List<Day> days =
        tx.query(
            DAYS,
            row ->
                new Day(
                    row.getLong("bucket"),
                    row.getLong("held"),
                    row.getLong("spent"),
                    row.getLong("ends")),
            org,
            day,
            since);
    Map<Long, Long> kept =
        days.stream().anyMatch(each -> each.held > 0) ? held(month, day, since) : Map.of();
    for (Day each : days) {
      long held = kept.getOrDefault(each.bucket, 0L);
      carry(month, each, Pot.held, held);
      carry(month, each, Pot.spent, Math.max(0, each.held + each.spent - held));
    }
    tx.update(SHARES, month, org, day, since);
  }

  /** What leases and reservations hold, by bucket. */
  private Map<Long, Long> held(String month, String day, long since) throws SQLException {
    List<Part> parts =
        new ArrayList<>(
            tx.query(
                RESERVATIONS,
                row -> new Part(row.getLong("bucket"), row.getLong("amount")),
                org,
                day,
                month,
                org,
                day,
                org));
    parts.addAll(
        tx.query(
            LEASES,
            row -> new Part(row.getLong("bucket"), row.getLong("amount")),
            org,
            day,
            since));
    Map<Long, Long> held = new HashMap<>();
    parts.forEach(part -> held.merge(part.bucket, part.amount, Long::sum));
    return held;
  }

  private void carry(String month, Day day, Pot to, long amount) {
    rows.move(new Movement(month, day.bucket, "carry", Pot.room, to, amount, "cost-day", day.ends));
  }
}
