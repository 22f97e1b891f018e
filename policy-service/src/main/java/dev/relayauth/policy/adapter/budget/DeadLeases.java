package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.adapter.budget.LedgerRows.Movement;
import dev.relayauth.policy.adapter.budget.LedgerRows.Pot;
import dev.relayauth.policy.domain.budget.Owner;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Charges in full what replicas had leased that did not live to settle: whatever they may have
 * permitted is paid for. Each such lease is reported.
 */
@Singleton
final class DeadLeases {
  private static final Logger LOG = Logger.getLogger(DeadLeases.class);
  private static final String EXPIRED =
      """
      select distinct org_id, key from budget_lease
       where expires_at < clock_timestamp() - interval '1 second' limit 200
      """;
  private static final String TAKE =
      """
      delete from budget_lease
       where org_id = ? and key = ? and expires_at < clock_timestamp() - interval '1 second'
      returning key, bucket, node, amount, carried
      """;

  private final Transactions transactions;
  private final AuditRecords audit;
  private final Chains chains;

  DeadLeases(Transactions transactions, AuditRecords audit, Chains chains) {
    this.transactions = transactions;
    this.audit = audit;
    this.chains = chains;
  }

  private record Counter(String org, String key) {}

  private record Dead(String key, long bucket, String node, long amount, long carried) {}

  /** Charges those that have expired; how many held anything. Blocking. */
  int charge() {
    List<Counter> counters =
        transactions.read(
            tx -> tx.query(EXPIRED, row -> new Counter(row.getString(1), row.getString(2))));
    int charged = 0;
    for (Counter counter : counters) {
      charged += transactions.write(tx -> charge(tx, counter)).value();
    }
    return charged;
  }

  private int charge(Transaction tx, Counter counter) throws SQLException {
    LedgerRows rows = new LedgerRows(tx, counter.org);
    List<String> keys = List.of(counter.key);
    rows.lock(keys, Months.ofDays(keys));
    int charged = 0;
    for (Dead dead :
        tx.query(
            TAKE,
            row ->
                new Dead(
                    row.getString(1),
                    row.getLong(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getLong(5)),
            counter.org,
            counter.key)) {
      if (dead.carried > 0) {
        String month = Months.month(dead.key);
        rows.lockNew(List.of(month));
        rows.move(lost(month, dead, dead.carried));
      }
      if (dead.amount > 0) {
        charged++;
        rows.move(lost(dead.key, dead, dead.amount));
        report(tx, counter.org, dead);
      }
    }
    rows.write();
    return charged;
  }

  private static Movement lost(String key, Dead dead, long amount) {
    return new Movement(key, dead.bucket, "lost", Pot.held, Pot.spent, amount, dead.node, 0);
  }

  private void report(Transaction tx, String org, Dead dead) {
    LOG.warnf("%d of %s were charged for %s, which is gone", dead.amount, dead.key, dead.node);
    Owner owner = Owner.of(LedgerRows.owner(dead.key));
    audit.append(
        tx,
        audit
            .draft("budget.expired", org)
            .subject(owner.kind() == Owner.Kind.identity ? owner.id() : null, chains.of(org, owner))
            .workspace(chains.workspace(org, owner))
            .with("reason", "lease charged in full: its replica is gone")
            .with("counter", dead.key)
            .with("node", dead.node)
            .with("amountUnits", Long.toString(dead.amount))
            .build(),
        null);
  }
}
