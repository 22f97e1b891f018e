package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.budget.Allocation;
import dev.relayauth.policy.domain.budget.Demand;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Where a credit goes: to the buckets in which something was spent, the newest first. */
final class CreditRows {
  private static final String SPENT =
      """
      select bucket, spent from budget_usage
       where org_id = ? and key = ? and bucket >= ? and spent > 0 order by bucket desc
      """;

  private CreditRows() {}

  private record Bucket(long start, long spent) {}

  /** At most what was spent: a cap that is younger than the spend knows less of it. */
  static List<Allocation> spread(Transaction tx, String org, Demand demand, Instant now)
      throws SQLException {
    long left = demand.amount();
    List<Allocation> parts = new ArrayList<>();
    for (Bucket bucket :
        tx.query(
            SPENT,
            row -> new Bucket(row.getLong(1), row.getLong(2)),
            org,
            demand.cap().key(),
            demand.cap().window().since(now))) {
      long part = Math.min(left, bucket.spent);
      if (part > 0) {
        parts.add(new Allocation(demand.cap().key(), bucket.start, part));
        left -= part;
      }
    }
    return parts;
  }
}
