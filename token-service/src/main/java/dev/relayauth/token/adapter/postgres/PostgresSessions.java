package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.token.domain.issuing.Session;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;

/** Looks up what has been issued. Blocking. */
@Singleton
public final class PostgresSessions {
  private static final String TOKEN =
      """
      select s.*, t.jti, t.expires_at as token_expires_at
      from token t join session s on s.sid = t.sid
      where t.jti = ? and t.org = ?
      """;

  private final Transactions transactions;

  PostgresSessions(Transactions transactions) {
    this.transactions = transactions;
  }

  /** A token that was issued, and its session. */
  public record Found(String jti, Instant expiresAt, Session session) {}

  /** The session of that id in an organisation. */
  public Optional<Session> session(String org, String sid) {
    return transactions.read(
        tx ->
            tx.first(
                "select * from session where sid = ? and org = ?", SessionRows::read, sid, org));
  }

  /** The token of that id in an organisation. */
  public Optional<Found> token(String org, String jti) {
    return transactions.read(
        tx ->
            tx.first(
                TOKEN,
                row ->
                    new Found(
                        row.getString("jti"),
                        Rows.instant(row, "token_expires_at"),
                        SessionRows.read(row)),
                jti,
                org));
  }
}
