package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.token.domain.status.ListedToken;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/** Who has the places of a list. Blocking. */
@Singleton
public final class StatusListRows {
  private static final String PAGE =
      """
      select s.*, t.jti, t.generation, t.issued_at, t.expires_at as token_expires_at, t.rev,
        t.refresh_hash, t.kid, t.status_list, t.status_idx, t.remaining
      from token t join session s on s.sid = t.sid
      where t.status_list = ? and t.status_idx > ? and t.expires_at > ?
      order by t.status_idx limit ?
      """;

  private final Transactions transactions;

  StatusListRows(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Whether there is such a list. */
  public boolean exists(int list) {
    return transactions.read(
        tx -> tx.first("select 1 from status_list where n = ?", row -> 1, list).isPresent());
  }

  /** Tokens with a place after {@code after} that have not expired, in the order of places. */
  public List<ListedToken> page(int list, int after, Instant now, int limit) {
    return transactions.read(
        tx ->
            tx.query(
                PAGE,
                row ->
                    new ListedToken(
                        TokenRows.read(row, "token_expires_at"),
                        SessionRows.read(row),
                        row.getInt("status_idx")),
                list,
                after,
                now,
                limit));
  }
}
