package dev.relayauth.policy.adapter.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.domain.budget.Cap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the ledger's history from its beginning and checks what must always have held. */
final class LedgerAudit {
  private final Transactions transactions;
  private final String org;

  LedgerAudit(Transactions transactions, String org) {
    this.transactions = transactions;
    this.org = org;
  }

  private record Entry(String kind, String pot, long amount, String ref) {}

  private record Sums(long held, long spent) {}

  /** At no moment did spend and reservations pass the cap, and every movement has two halves. */
  void neverPassed(Cap cap) {
    List<Entry> entries = entries(cap);
    Map<String, Long> pots = new HashMap<>();
    for (int at = 0; at < entries.size(); at += 2) {
      Entry from = entries.get(at);
      Entry to = entries.get(at + 1);
      assertThat(from.amount + to.amount).as("%s %s", from, to).isZero();
      assertThat(from.ref + from.kind).isEqualTo(to.ref + to.kind);
      pots.merge(from.pot, from.amount, Long::sum);
      pots.merge(to.pot, to.amount, Long::sum);
      long counted = pots.getOrDefault("held", 0L) + pots.getOrDefault("spent", 0L);
      assertThat(counted).as("%s after %d entries", cap.key(), at + 2).isBetween(0L, cap.limit());
    }
    Sums sums = sums(cap);
    assertThat(pots.getOrDefault("held", 0L)).isEqualTo(sums.held);
    assertThat(pots.getOrDefault("spent", 0L)).isEqualTo(sums.spent);
  }

  long spent(Cap cap) {
    return sums(cap).spent;
  }

  long held(Cap cap) {
    return sums(cap).held;
  }

  /** What was charged for replicas that did not live to settle. */
  long lost(Cap cap) {
    return entries(cap).stream()
        .filter(entry -> entry.kind.equals("lost") && entry.pot.equals("spent"))
        .mapToLong(Entry::amount)
        .sum();
  }

  long openReservations() {
    return transactions.read(
        tx ->
            tx.first(
                    """
                    select count(*) from budget_operation
                     where org_id = ? and status = 'reserved'
                    """,
                    row -> row.getLong(1),
                    org)
                .orElse(-1L));
  }

  private List<Entry> entries(Cap cap) {
    return transactions.read(
        tx ->
            tx.query(
                """
                select kind, pot, amount, ref from budget_entry
                 where org_id = ? and key = ? order by n
                """,
                row ->
                    new Entry(row.getString(1), row.getString(2), row.getLong(3), row.getString(4)),
                org,
                cap.key()));
  }

  private Sums sums(Cap cap) {
    return transactions.read(
        tx ->
            tx.first(
                    """
                    select coalesce(sum(held), 0), coalesce(sum(spent), 0) from budget_usage
                     where org_id = ? and key = ?
                    """,
                    row -> new Sums(row.getLong(1), row.getLong(2)),
                    org,
                    cap.key())
                .orElse(new Sums(0, 0)));
  }
}
