package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.budget.Allocation;
import dev.relayauth.policy.domain.budget.Demand;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a credit goes: to the buckets in which the identity itself spent something that it was not
 * given back yet, the newest first. What others spent, what replicas lease and what dead ones were
 * charged for is not among it.
 */
final class CreditRows {
  private static final String SHARES =
      """
      select s.bucket, s.spent - s.credited as left
        from budget_counted(?, ?, ?) c join budget_share s using (org_id, key, bucket)
       where s.identity_id = ? and s.spent > s.credited
       order by s.bucket desc
      """;
  private static final String CREDITED =
      """
      select 1 from budget_share
       where org_id = ? and identity_id = ? and key = ? and bucket = ?
         and credited > 0 and spent - credited < ?
      """;

  private CreditRows() {}

  /** All that can be given back of a cap in its window, by bucket. */
  static List<Allocation> creditable(Transaction tx, String org, Demand demand, Instant now)
      throws SQLException {
    String key = demand.cap().key();
    return tx.query(
        SHARES,
        row -> new Allocation(key, row.getLong(1), row.getLong(2)),
        org,
        key,
        demand.cap().window().since(now),
        demand.spender());
  }

  /** An amount of it, of the newest buckets first. */
  static List<Allocation> spread(List<Allocation> creditable, long amount) {
    long left = amount;
    List<Allocation> parts = new ArrayList<>();
    for (Allocation bucket : creditable) {
      long part = Math.min(left, bucket.amount());
      if (part > 0) {
        parts.add(new Allocation(bucket.key(), bucket.bucket(), part));
        left -= part;
      }
    }
    return parts;
  }

  /** Whether credits have already given back what a permit would give back of a counter. */
  static boolean isCredited(
      Transaction tx, String org, String identityId, Allocation part, long rest)
      throws SQLException {
    return rest > 0
        && tx.first(
                CREDITED, row -> row.getLong(1), org, identityId, part.key(), part.bucket(), rest)
            .isPresent();
  }
}
