package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.budget.Cap;
import java.sql.SQLException;
import java.time.Instant;

/** When a cap has room again. */
final class Resets {
  private static final String BUCKETS =
      """
      select coalesce(latest + 1, bucket + 1) as ended, held + spent as taken
        from budget_counted(?, ?, ?)
       where held + spent > 0 order by ended
      """;

  private Resets() {}

  private record Bucket(long ended, long taken) {}

  /** When {@code lacking} more will have left the window, if nothing else is taken meanwhile. */
  static Instant of(Transaction tx, String org, Cap cap, long lacking) throws SQLException {
    Instant now = tx.clock().instant();
    long freed = 0;
    Instant last = cap.window().left(cap.window().bucket(now).end());
    for (Bucket bucket :
        tx.query(
            BUCKETS,
            row -> new Bucket(row.getLong(1), row.getLong(2)),
            org,
            cap.key(),
            cap.window().since(now))) {
      freed += bucket.taken;
      last = cap.window().left(bucket.ended);
      if (freed >= lacking) {
        return last;
      }
    }
    return last;
  }
}
