package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssuedToken;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.refreshing.Family;
import dev.relayauth.token.domain.refreshing.RefreshDecision;
import dev.relayauth.token.domain.refreshing.RefreshToken;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Refresh families in PostgreSQL: one refresh of a session at a time. Blocking. */
@Singleton
public final class PostgresFamilies {
  /** Why a family died of a replay. */
  public static final String REPLAY = "refresh_replay";

  private static final String BY_HASH =
      """
      select s.*, s.revoked_at is not null as revoked
      from token t join session s on s.sid = t.sid
      where t.refresh_hash = ?
      """;
  private static final String LOCKED =
      "select s.*, s.revoked_at is not null as revoked from session s where s.sid = ? for update";

  private final Transactions transactions;
  private final AuditRecords records;
  private final IdSource ids;

  PostgresFamilies(Transactions transactions, AuditRecords records, IdSource ids) {
    this.transactions = transactions;
    this.records = records;
    this.ids = ids;
  }

  /** How a refresh goes on record. */
  public interface Journal {
    /** Begins the record of a refresh. */
    AuditDraft refreshed(Session session);

    /** Begins the record of the end of a family. */
    AuditDraft revoked(Session session);

    /** The trace that both belong to. */
    @Nullable String traceparent();
  }

  private record Presented(IssuedToken token, Optional<Instant> usedAt) {}

  private record Locked(Session session, boolean revoked, boolean authenticated) {}

  /** The session of a refresh token. */
  public Optional<Session> find(RefreshToken presented) {
    return transactions.read(tx -> tx.first(BY_HASH, SessionRows::read, presented.hash()));
  }

  /** The family of a refresh token as it stands, for those who only look. */
  public Optional<Family> look(RefreshToken presented) {
    return transactions.read(
        tx -> {
          Optional<Locked> found = tx.first(BY_HASH, PostgresFamilies::locked, presented.hash());
          return found.isEmpty()
              ? Optional.empty()
              : Optional.of(family(tx, found.get(), presented));
        });
  }

  /**
   * Has {@code decision} decide on the locked family, and commits what it decided with its record.
   */
  public RefreshDecision refresh(
      Session session,
      RefreshToken presented,
      Function<Family, RefreshDecision> decision,
      Journal journal) {
    return transactions
        .write(
            tx -> {
              Family family = lock(tx, session.sid(), presented);
              RefreshDecision decided = decision.apply(family);
              switch (decided) {
                case RefreshDecision.Rotated rotated -> rotate(tx, family, rotated, journal);
                case RefreshDecision.Replayed ignored -> end(tx, family.session(), journal);
                case RefreshDecision.Repeated ignored -> {}
                case RefreshDecision.Refused ignored -> {}
              }
              return decided;
            })
        .value();
  }

  private static Family lock(Transaction tx, String sid, RefreshToken presented)
      throws SQLException {
    Locked locked =
        tx.first(LOCKED, PostgresFamilies::locked, sid)
            .orElseThrow(() -> new SQLException("the session has gone"));
    return family(tx, locked, presented);
  }

  private static Locked locked(ResultSet row) throws SQLException {
    return new Locked(
        SessionRows.read(row), row.getBoolean("revoked"), row.getBoolean("client_authenticated"));
  }

  private static Family family(Transaction tx, Locked locked, RefreshToken presented)
      throws SQLException {
    Presented found =
        tx.first(
                "select * from token where refresh_hash = ?",
                PostgresFamilies::presented,
                presented.hash())
            .orElseThrow(() -> new SQLException("the refresh token has gone"));
    Optional<Presented> successor =
        tx.first(
            "select * from token where sid = ? and generation = ?",
            PostgresFamilies::presented,
            locked.session().sid(),
            found.token().generation() + 1);
    return new Family(
        locked.session(),
        locked.revoked(),
        locked.authenticated(),
        found.token(),
        found.usedAt(),
        successor.map(Presented::token),
        successor.flatMap(Presented::usedAt).isPresent());
  }

  private static Presented presented(ResultSet row) throws SQLException {
    return new Presented(
        TokenRows.read(row), Optional.ofNullable(Rows.instantOrNull(row, "refresh_used_at")));
  }

  private void rotate(
      Transaction tx, Family family, RefreshDecision.Rotated rotated, Journal journal)
      throws SQLException {
    Issuance issuance = rotated.issuance();
    tx.update(
        "update token set refresh_used_at = ? where jti = ?",
        tx.clock().instant(),
        family.presented().jti());
    if (!rotated.family().equals(family.session())
        || rotated.authenticated() != family.authenticated()) {
      tx.update(
          """
          update session set scopes = ?, audience = ?, jkt = ?, client_authenticated = ?
          where sid = ?
          """,
          rotated.family().scopes(),
          rotated.family().audience(),
          rotated.family().derivation().jkt(),
          rotated.authenticated(),
          rotated.family().sid());
    }
    TokenRows.insert(tx.connection(), List.of(issuance.token()));
    AuditDraft draft =
        journal
            .refreshed(issuance.session())
            .token(issuance.token().jti())
            .with("sessionId", issuance.session().sid())
            .with("scopes", String.join(" ", issuance.session().scopes()));
    records.append(tx, draft.build(), journal.traceparent());
  }

  private void end(Transaction tx, Session session, Journal journal) throws SQLException {
    tx.update(
        """
        update session set revoked_at = ?, revoked_reason = ?, unconfirmed_revocation = ?
        where sid = ?
        """,
        tx.clock().instant(),
        REPLAY,
        ids.next(IdPrefix.EVENT),
        session.sid());
    AuditDraft draft =
        journal.revoked(session).with("sessionId", session.sid()).with("reason", REPLAY);
    records.append(tx, draft.build(), journal.traceparent());
  }
}
