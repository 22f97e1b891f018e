package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Revocation;
import dev.relayauth.revocation.domain.entry.Target;
import dev.relayauth.revocation.domain.entry.Withdrawal;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes back what somebody asked for. What a suspension, a narrowing or a removal needs stays, and
 * so does an entry that has taken the place of one of those, or of an earlier one that was asked
 * for and has not been taken back: who withdraws their own leaves others' in force.
 */
@Singleton
final class PostgresWithdrawals {
  /** A token, session or key that was revoked once may be in the wrong hands. */
  private static final Set<RevocationKind> KINDS =
      EnumSet.of(
          RevocationKind.IDENTITY,
          RevocationKind.SPONSOR,
          RevocationKind.WORKSPACE,
          RevocationKind.ORGANIZATION);

  private static final String FIND =
      "select * from revocation where id = ? and (org = ? or ? = '')";
  private static final String IN_FORCE = "select current from revocation where id = ? for update";
  private static final String EARLIER =
      """
      select id from revocation
      where org = ? and kind = ? and target = ? and id <> ? and expires_at > ?
      order by seq desc limit 1
      """;
  private static final String NEEDED =
      """
      select 1 from revocation
      where org = ? and kind = ? and target = ? and not asked and expires_at > ? limit 1
      """;

  private final Transactions transactions;
  private final Burial burial;
  private final AuditRecords audit;
  private final CurrentRequest request;

  PostgresWithdrawals(
      Transactions transactions, Burial burial, AuditRecords audit, CurrentRequest request) {
    this.transactions = transactions;
    this.burial = burial;
    this.audit = audit;
    this.request = request;
  }

  /** Takes an entry away; the platform, whose {@code org} is empty, may take any. */
  Withdrawal withdraw(String org, String id) {
    Transactions.Committed<Withdrawal> committed = transactions.write(tx -> withdraw(tx, org, id));
    return switch (committed.value()) {
      case Withdrawal.Withdrawn ignored -> new Withdrawal.Withdrawn(committed.sequence());
      case Withdrawal.Unknown unknown -> unknown;
      case Withdrawal.Refused refused -> refused;
    };
  }

  private Withdrawal withdraw(Transaction tx, String org, String id) throws SQLException {
    Optional<Revocation> found = tx.first(FIND, RevocationRows::read, id, org, org);
    if (found.isEmpty()) {
      return new Withdrawal.Unknown();
    }
    Revocation entry = found.get();
    // As a new entry of the name does, so that none comes in between.
    lock(tx, entry.target());
    Optional<Boolean> current = tx.first(IN_FORCE, row -> row.getBoolean(1), id);
    if (current.isEmpty()) {
      return new Withdrawal.Unknown();
    }
    Optional<String> why = obstacle(tx, entry, current.get());
    if (why.isPresent()) {
      return new Withdrawal.Refused(why.get());
    }
    tx.update("delete from revocation where id = ?", id);
    if (current.get()) {
      burial.bury(tx, List.of(entry), tx.clock().instant());
    }
    audit.append(tx, describe(entry), request);
    return new Withdrawal.Withdrawn(0);
  }

  /** Lets one at a time write an entry of that target or take one back, to the end. */
  static void lock(Transaction tx, Target target) throws SQLException {
    String sql = "select pg_advisory_xact_lock(hashtextextended(?, 0))";
    tx.query(sql, row -> "", RevocationEvents.key(target));
  }

  private static Optional<String> obstacle(Transaction tx, Revocation entry, boolean current)
      throws SQLException {
    Target target = entry.target();
    String kind = target.kind().wireName();
    if (!KINDS.contains(target.kind())) {
      return Optional.of("a revoked " + kind + " stays revoked");
    }
    if (entry.closed()) {
      return Optional.of("it is suspended or removed: reactivate it instead");
    }
    Instant now = tx.clock().instant();
    if (tx.first(NEEDED, row -> 1, target.org(), kind, target.id(), now).isPresent()) {
      return Optional.of("tokens from before a suspension or a narrowing would live again");
    }
    // One that was replaced has given its reach to the one in force, which goes last.
    return current
        ? tx.first(
                EARLIER, row -> row.getString(1), target.org(), kind, target.id(), entry.id(), now)
            .map(earlier -> "the earlier revocation " + earlier + " has not been taken back")
        : Optional.empty();
  }

  private AuditDraft describe(Revocation entry) {
    List<String> chain =
        request.caller() instanceof Caller.Tenant tenant ? tenant.sponsorChain() : List.of();
    boolean ofIdentity = entry.target().kind() == RevocationKind.IDENTITY;
    return audit
        .draft("revocation.withdrawn", entry.target().org(), request)
        .subject(ofIdentity ? entry.target().id() : null, chain)
        .with("type", entry.target().kind().wireName())
        .with("id", entry.target().id())
        .with("revocationId", entry.id());
  }
}
