package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.grant.EffectiveGrants;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.domain.attenuation.Attenuation;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a grant of what the caller or the parent lacks, and what an agent may not do to others;
 * has the attempt put on record.
 */
@Singleton
public final class Escalation {
  private final Transactions transactions;
  private final AuditRecords audit;

  Escalation(Transactions transactions, AuditRecords audit) {
    this.transactions = transactions;
    this.audit = audit;
  }

  /** A grant or an act that goes too far, before its record is written. */
  static final class EscalationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RefusedException refusal;
    private final transient @Nullable Scope scope;
    private final transient List<String> chain;

    private EscalationException(
        RefusedException refusal, @Nullable Scope scope, List<String> chain) {
      super("an escalation", null, false, false);
      this.refusal = refusal;
      this.scope = scope;
      this.chain = chain;
    }

    /** A grant of a scope that is beyond those who give it, to somebody of that chain. */
    static EscalationException beyond(Scope scope, List<String> actual, List<String> chain) {
      RefusedException refusal =
          new RefusedException(
              ErrorCode.SCOPE_ESCALATION,
              "nobody grants what they lack: " + scope.raw(),
              Map.of("required", scope.raw(), "actual", actual));
      return new EscalationException(refusal, scope, chain);
    }

    /** An act on somebody whom the caller may not act on. */
    static EscalationException outOfReach(String detail) {
      RefusedException refusal = new RefusedException(ErrorCode.SCOPE_ESCALATION, detail);
      return new EscalationException(refusal, null, List.of());
    }

    /** Limits that are wider than those of who stands above, who has that chain. */
    static EscalationException beyondParent(RefusedException refusal, List<String> chain) {
      return new EscalationException(refusal, null, chain);
    }

    /** What to answer. */
    RefusedException refusal() {
      return refusal;
    }
  }

  /** Throws when {@code given} is not within what the caller and the parent hold. */
  static void check(
      ScopeSet given, Caller caller, @Nullable EffectiveGrants parent, List<String> chain) {
    Optional<Scope> beyond = Attenuation.firstEscalation(given, caller.scopes(), parent);
    if (beyond.isPresent()) {
      List<String> actual =
          parent == null || !caller.scopes().covers(beyond.get())
              ? caller.scopes().toList()
              : parent.issuerNamed() ? List.of() : parent.scopes().toList();
      throw EscalationException.beyond(beyond.get(), actual, chain);
    }
  }

  /** Refuses, on record, what the caller doesn't hold. */
  public void refuse(ScopeSet given, CurrentRequest request) {
    guard(
        request,
        tx -> {
          check(given, request.tenant(), null, List.of());
          return given;
        });
  }

  /** Runs a write; an escalation in it is recorded and answered with 403. */
  <T> Transactions.Committed<T> guard(CurrentRequest request, Transactions.Work<T> work) {
    try {
      return transactions.write(work);
    } catch (EscalationException attempt) {
      transactions.write(
          tx -> {
            record(tx, attempt, request);
            return attempt;
          });
      throw attempt.refusal();
    }
  }

  /** Puts an attempt on record. */
  void record(Transaction tx, EscalationException attempt, CurrentRequest request) {
    Caller.Tenant caller = request.tenant();
    List<String> chain = attempt.chain.isEmpty() ? caller.sponsorChain() : attempt.chain;
    AuditDraft draft =
        audit
            .draft("scope.escalation_denied", caller.org(), request)
            .subject(chain.size() > 1 ? chain.getLast() : null, chain)
            .result(Result.denied)
            .with("route", request.method() + " " + request.path());
    audit.append(
        tx,
        attempt.scope == null
            ? draft.with("reason", attempt.refusal.detail())
            : draft.scope(attempt.scope),
        request);
  }
}
