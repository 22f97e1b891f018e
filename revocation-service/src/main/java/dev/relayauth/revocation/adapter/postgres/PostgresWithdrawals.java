package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Revocation;
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
 * so does an entry that has taken the place of one of those.
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
      "select * from revocation where id = ? and current and (org = ? or ? = '') for update";
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
    Optional<String> why = obstacle(tx, entry);
    if (why.isPresent()) {
      return new Withdrawal.Refused(why.get());
    }
    Instant now = tx.clock().instant();
    tx.update("delete from revocation where id = ?", id);
    burial.bury(tx, List.of(entry), now);
    audit.append(tx, describe(entry), request);
    return new Withdrawal.Withdrawn(0);
  }

  private static Optional<String> obstacle(Transaction tx, Revocation entry) throws SQLException {
    String kind = entry.target().kind().wireName();
    if (!KINDS.contains(entry.target().kind())) {
      return Optional.of("a revoked " + kind + " stays revoked");
    }
    if (entry.closed()) {
      return Optional.of("it is suspended or removed: reactivate it instead");
    }
    String org = entry.target().org();
    String id = entry.target().id();
    // Taken under the same lock as a new entry of the name, so that none comes in between.
    String key = CloudEvent.key(org, kind, id);
    tx.query("select pg_advisory_xact_lock(hashtextextended(?, 0))", row -> "", key);
    boolean needed = tx.first(NEEDED, row -> 1, org, kind, id, tx.clock().instant()).isPresent();
    return needed
        ? Optional.of("tokens from before a suspension or a narrowing would live again")
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
