package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.token.domain.issuing.IssuedToken;
import dev.relayauth.token.domain.issuing.Session;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks up what has been issued. Blocking. */
@Singleton
public final class PostgresSessions {
  private static final String TOKEN =
      """
      select s.*, t.jti, t.rev, t.kid, t.expires_at as token_expires_at
      from token t join session s on s.sid = t.sid
      where t.jti = ? and (?::text is null or t.org = ?)
      """;

  private static final String NEWEST =
      "select distinct on (sid) * from token where sid = any(?) order by sid, generation desc";

  private final Transactions transactions;

  PostgresSessions(Transactions transactions) {
    this.transactions = transactions;
  }

  /** A token that was issued, and its session. */
  public record Found(
      String jti, Instant expiresAt, long rev, @Nullable String kid, Session session) {}

  /**
   * A session of a list.
   *
   * @param replayed whether the reuse of a refresh token has ended it
   * @param newest its newest pair
   */
  public record Listed(Session session, boolean replayed, Optional<IssuedToken> newest) {}

  private record Row(Session session, boolean replayed) {}

  /** Sessions of an identity after {@code cursor}, the newest first. */
  public List<Listed> list(String org, String identityId, @Nullable Cursor cursor, int limit) {
    String after = cursor == null ? "" : " and (created_at, sid) < (?, ?)";
    String sql =
        "select *, revoked_at is not null as replayed from session"
            + " where org = ? and identity_id = ?"
            + after
            + " order by created_at desc, sid desc limit "
            + limit;
    Object[] values =
        cursor == null
            ? new Object[] {org, identityId}
            : new Object[] {org, identityId, cursor.createdAt(), cursor.id()};
    return transactions.read(
        tx -> {
          List<Row> found =
              tx.query(
                  sql, row -> new Row(SessionRows.read(row), row.getBoolean("replayed")), values);
          Map<String, IssuedToken> newest = newest(tx, found);
          return found.stream()
              .map(
                  row ->
                      new Listed(
                          row.session(),
                          row.replayed(),
                          Optional.ofNullable(newest.get(row.session().sid()))))
              .toList();
        });
  }

  private static Map<String, IssuedToken> newest(Transaction tx, List<Row> sessions)
      throws SQLException {
    return tx
        .query(NEWEST, TokenRows::read, sessions.stream().map(row -> row.session().sid()).toList())
        .stream()
        .collect(Collectors.toMap(IssuedToken::sid, Function.identity()));
  }

  /** The session of that id in an organisation. */
  public Optional<Session> session(String org, String sid) {
    return transactions.read(
        tx ->
            tx.first(
                "select * from session where sid = ? and org = ?", SessionRows::read, sid, org));
  }

  /** The token of that id in an organisation; in any when {@code org} is null. */
  public Optional<Found> token(@Nullable String org, String jti) {
    return transactions.read(
        tx ->
            tx.first(
                TOKEN,
                row ->
                    new Found(
                        row.getString("jti"),
                        Rows.instant(row, "token_expires_at"),
                        row.getLong("rev"),
                        row.getString("kid"),
                        SessionRows.read(row)),
                jti,
                org,
                org));
  }
}
