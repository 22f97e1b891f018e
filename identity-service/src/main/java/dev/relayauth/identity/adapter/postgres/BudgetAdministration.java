package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.audit.OnBehalf;
import dev.relayauth.common.budget.EffectiveLimits;
import dev.relayauth.common.budget.LimitsAuthor;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.revocation.Initiator;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Cause;
import dev.relayauth.identity.adapter.internal.PendingRevocations.Demand;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.View;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.Written;
import dev.relayauth.identity.adapter.postgres.IdentityRows.Stored;
import dev.relayauth.identity.adapter.postgres.SponsorResolution.Above;
import dev.relayauth.identity.domain.attenuation.Attenuation;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the limits of identities for the policy service, and suspends who overran them. */
@Singleton
public final class BudgetAdministration {
  /** Who an overrun's suspension is by, on record. */
  static final String ACTOR = "policy";

  private final Transactions transactions;
  private final IdentityAdministration identities;
  private final LifecycleAdministration lifecycle;
  private final IdentityStore store;
  private final SponsorResolution sponsors;
  private final AuditRecords audit;

  BudgetAdministration(
      Transactions transactions,
      IdentityAdministration identities,
      LifecycleAdministration lifecycle,
      IdentityStore store,
      SponsorResolution sponsors,
      AuditRecords audit) {
    this.transactions = transactions;
    this.identities = identities;
    this.lifecycle = lifecycle;
    this.store = store;
    this.sponsors = sponsors;
    this.audit = audit;
  }

  /** Sets the limits of an identity anew; they stay within its parent's. */
  public Written put(
      String org, String id, BudgetLimits limits, LimitsAuthor author, CurrentRequest request) {
    request.calledOnBehalf(
        new OnBehalf(
            author.actorId(),
            author.ip(),
            author.userAgent(),
            author.requestId(),
            author.traceparent()));
    Transactions.Committed<View> committed =
        transactions.write(
            tx -> {
              IdentityState old = store.requireLocked(tx, org, id).state();
              check(tx, old, limits);
              IdentityState now = old.withBudget(kept(limits), tx.clock().instant());
              store.update(tx, now);
              identities.publish(tx, "updated", now, request);
              audit.append(tx, updated(audit, now, limits, request).build(), author.traceparent());
              return view(store.require(tx, org, id));
            });
    return identities.written(committed, List.of());
  }

  private static View view(Stored stored) {
    return new View(stored.state(), stored.version(), stored.effectiveBudget());
  }

  private void check(Transaction tx, IdentityState old, BudgetLimits limits) throws SQLException {
    if (old.status() == IdentityState.Status.retired) {
      throw new RefusedException(ErrorCode.CONFLICT, "a retired identity can't be changed");
    }
    Above above = sponsors.above(tx, old);
    if (above != null) {
      Optional<RefusedException> wider = beyond(limits, above.budgets(), "");
      if (wider.isPresent()) {
        throw wider.get();
      }
    }
    CurrenciesBelow.requireSame(tx, old, limits, "");
  }

  /** What to answer to limits beyond those of anybody who stands above, naming the member. */
  static Optional<RefusedException> beyond(
      @Nullable BudgetLimits limits, List<BudgetLimits> above, String pointer) {
    return above.reversed().stream()
        .flatMap(budget -> Attenuation.firstBeyond(limits, budget).stream())
        .findFirst()
        .map(
            member ->
                wider(
                    pointer + "/" + member,
                    (member.equals("currency") ? "is not" : "is more than") + " the parent's"));
  }

  /** What to answer to a child that is to have more than its parent. */
  static RefusedException wider(String pointer, String detail) {
    return new RefusedException(
        ErrorCode.SCOPE_ESCALATION,
        pointer + " " + detail,
        Map.of("errors", List.of(Map.of("pointer", pointer, "detail", detail))));
  }

  /** What is kept of limits: nothing when they say nothing, so that the parent's are seen. */
  static @Nullable BudgetLimits kept(@Nullable BudgetLimits limits) {
    return EffectiveLimits.isNone(limits) ? null : limits;
  }

  /** Begins the record of new limits. */
  static AuditDraft updated(
      AuditRecords audit, IdentityState now, BudgetLimits limits, CurrentRequest request) {
    return audit
        .draft("budget.updated", now.orgId(), request)
        .subject(now.id(), now.sponsorChain())
        .workspace(now.workspaceId())
        .with("ownerKind", "identity")
        .with("ownerId", now.id())
        .with("limits", new String(Json.write(limits), StandardCharsets.UTF_8));
  }

  /**
   * Suspends an identity with its tree, and kills their tokens before it returns. One that isn't
   * active stays as it is.
   */
  public void suspend(String org, String id, String reason, CurrentRequest request) {
    List<Demand> demands = new ArrayList<>();
    Transactions.Committed<View> committed =
        transactions.write(
            tx -> {
              IdentityState root = store.requireLocked(tx, org, id).state();
              if (root.status() == IdentityState.Status.active) {
                lifecycle.suspend(tx, root, reason, request);
                Cause cause = new Cause(reason, OnBehalf.itself(ACTOR), Initiator.policy);
                demands.add(identities.demand(tx, root, true, cause));
              }
              return view(store.require(tx, org, id));
            });
    identities.written(committed, demands);
  }
}
