package dev.relayauth.policy.adapter.postgres;

import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.config.ApprovalConfig;
import dev.relayauth.policy.domain.approval.Approval;
import dev.relayauth.policy.domain.approval.ApprovalDesk;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The desk in PostgreSQL, so that "once" holds across replicas. */
@Singleton
public final class PostgresApprovalDesk implements ApprovalDesk {
  private final Transactions transactions;
  private final ApprovalRows rows;
  private final ApprovalAudit audit;
  private final ApprovalConfig config;
  private final IdSource ids;

  PostgresApprovalDesk(
      Transactions transactions,
      ApprovalRows rows,
      ApprovalAudit audit,
      ApprovalConfig config,
      IdSource ids) {
    this.transactions = transactions;
    this.rows = rows;
    this.audit = audit;
    this.config = config;
    this.ids = ids;
  }

  @Override
  public Outcome present(Request request) {
    String hash = request.hash();
    Optional<Approval> standing =
        transactions.read(tx -> rows.standing(tx, request.org(), hash, now(tx)));
    return standing.isPresent()
        ? outcome(standing.get())
        : transactions.write(tx -> open(tx, request, hash)).value();
  }

  private static Outcome outcome(Approval standing) {
    return standing.status() == Approval.Status.approved
        ? new Outcome.Approved(standing)
        : new Outcome.Waits(standing);
  }

  @Override
  public Optional<Approval> use(Request request) {
    return transactions.write(tx -> use(tx, request)).value();
  }

  private Optional<Approval> use(Transaction tx, Request request) throws SQLException {
    Optional<Approval> used =
        rows.use(tx, request.org(), request.hash(), request.decisionId(), now(tx));
    if (used.isPresent()) {
      audit.append(tx, used.get(), "used", request.sponsorChain(), request.trace());
    }
    return used;
  }

  private Outcome open(Transaction tx, Request request, String hash) throws SQLException {
    Instant now = now(tx);
    for (Approval late : rows.expire(tx, request.org(), hash, now)) {
      audit.append(tx, late, "expired", request.sponsorChain(), request.trace());
    }
    if (rows.countOpen(tx, request.org(), request.identityId()) >= config.maxOpen()) {
      return new Outcome.Overrun();
    }
    Approval approval = open(request, hash, now);
    if (rows.insert(tx, approval)) {
      audit.append(tx, approval, "requested", request.sponsorChain(), request.trace());
      return new Outcome.Waits(approval);
    }
    return rows.standing(tx, request.org(), hash, now)
        .map(PostgresApprovalDesk::outcome)
        .orElseGet(Outcome.Overrun::new);
  }

  private Approval open(Request request, String hash, Instant now) {
    return new Approval(
        request.org(),
        ids.next(IdPrefix.APPROVAL),
        request.identityId(),
        request.workspaceId(),
        request.scope().raw(),
        request.context(),
        hash,
        request.policyId(),
        Approval.Status.pending,
        now,
        now.plus(config.validity()),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static Instant now(Transaction tx) {
    return tx.clock().instant().truncatedTo(ChronoUnit.MICROS);
  }
}
