package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.budget.Cap;
import java.sql.SQLException;
import java.time.Instant;

/** When a cap has room again. */
final class Resets {
  private static final String BUCKETS =
      """
      select bucket, held + spent as taken from budget_usage
       where org_id = ? and key = ? and bucket >= ? and held + spent > 0 order by bucket
      """;

  private Resets() {}

  private record Bucket(long start, long taken) {}

  /** When {@code lacking} more will have left the window, if nothing else is taken meanwhile. */
  static Instant of(Transaction tx, String org, Cap cap, long lacking) throws SQLException {
    Instant now = tx.clock().instant();
    long freed = 0;
    Instant last = cap.window().leaves(cap.window().bucket(now).start());
    for (Bucket bucket :
        tx.query(
            BUCKETS,
            row -> new Bucket(row.getLong(1), row.getLong(2)),
            org,
            cap.key(),
            cap.window().since(now))) {
      freed += bucket.taken;
      last = cap.window().leaves(bucket.start);
      if (freed >= lacking) {
        return last;
      }
    }
    return last;
  }
}
