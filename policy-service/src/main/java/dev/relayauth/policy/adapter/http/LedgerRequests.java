package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.policy.adapter.budget.KnownBudgets;
import dev.relayauth.policy.adapter.budget.Operations;
import dev.relayauth.policy.domain.budget.Action;
import dev.relayauth.policy.domain.budget.Amounts;
import dev.relayauth.policy.domain.budget.Budget;
import dev.relayauth.policy.domain.budget.Budgets;
import dev.relayauth.policy.domain.budget.Operation;
import dev.relayauth.policy.domain.budget.Operation.Kind;
import dev.relayauth.policy.domain.budget.Operation.Status;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Turns what clients ask of the ledger into its operations. Blocking. */
@Singleton
final class LedgerRequests {
  private final BudgetAccess access;
  private final KnownBudgets known;
  private final AuditRecords audit;
  private final CurrentRequest request;
  private final IdSource ids;
  private final InstantSource clock;

  LedgerRequests(
      BudgetAccess access,
      KnownBudgets known,
      AuditRecords audit,
      CurrentRequest request,
      IdSource ids,
      InstantSource clock) {
    this.access = access;
    this.known = known;
    this.audit = audit;
    this.request = request;
    this.ids = ids;
    this.clock = clock;
  }

  /** The request to take, or give back, what a body says. */
  Operations.Request of(Kind kind, String identityId, ReservationBody body) {
    Caller.Tenant caller = request.tenant();
    List<Agent> chain = access.chain(caller.org(), identityId);
    IdentityState identity = chain.getLast().state();
    access.requireReach(caller, identity);
    Budgets budgets = tracked(caller.org(), chain);
    requireCurrency(budgets, body);
    requireActive(chain, kind);
    Optional<Budget> single = budgets.tooLarge(body.units());
    if (single.isPresent() && kind != Kind.credit) {
      throw tooLarge(single.get());
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Operation operation =
        new Operation(
            caller.org(),
            ids.next(IdPrefix.BUDGET),
            identityId,
            kind,
            kind == Kind.reservation ? Status.reserved : Status.committed,
            body.units(),
            kind == Kind.reservation ? null : body.units(),
            body.currency() == null ? budgets.currency() : body.currency(),
            List.of(),
            now,
            now.plus(body.lifetime()));
    return new Operations.Request(
        operation,
        budgets,
        budgets.demands(Action.money(body.units(), body.currency())),
        body.idempotencyKey(),
        digest(operation, body),
        described(identity));
  }

  /** Begins the audit record of what is done to an identity's money. */
  Function<String, AuditDraft> described(IdentityState identity) {
    return action ->
        audit
            .draft(action, identity.orgId(), request)
            .subject(identity.id(), identity.sponsorChain())
            .workspace(identity.workspaceId());
  }

  /** Money is counted for the identity itself even where nothing caps it. */
  private Budgets tracked(String org, List<Agent> chain) {
    Budgets found = known.of(org, chain);
    String id = chain.getLast().id();
    List<Budget> budgets = new ArrayList<>();
    boolean own = false;
    for (Budget budget : found.budgets()) {
      boolean isOwn = budget.owner().equals(Owner.identity(id));
      own |= isOwn;
      budgets.add(isOwn ? budget.tracked() : budget);
    }
    if (!own) {
      budgets.addFirst(Budget.tracking(id, found.currency()));
    }
    return new Budgets(org, id, found.chain(), budgets);
  }

  private static void requireActive(List<Agent> chain, Kind kind) {
    if (kind == Kind.credit) {
      return;
    }
    for (Agent agent : chain) {
      switch (agent.state().status()) {
        case active -> {}
        case suspended ->
            throw new RefusedException(
                ErrorCode.IDENTITY_SUSPENDED, agent.id() + " is suspended and spends nothing");
        case retired, deleted ->
            throw new RefusedException(
                ErrorCode.IDENTITY_RETIRED, agent.id() + " is retired and spends nothing");
      }
    }
  }

  private static void requireCurrency(Budgets budgets, ReservationBody body) {
    String unit = body.currency() == null ? budgets.currency() : body.currency();
    new Violations()
        .check(
            budgets.takes(body.currency()), "/currency", "the budget is in " + budgets.currency())
        .check(
            Amounts.isWhole(body.units(), unit),
            "/amount",
            "is not in whole minor units of " + unit)
        .throwIfAny();
  }

  private static RefusedException tooLarge(Budget budget) {
    return new RefusedException(
        ErrorCode.BUDGET_EXCEEDED,
        "the amount is more than may be spent at once",
        Map.of(
            "limit", Amounts.major(budget.maxCostPerAction()),
            "remaining", Amounts.major(budget.maxCostPerAction()),
            "exceeded", budget.owner().key() + "/cost-action"));
  }

  private static String digest(Operation operation, ReservationBody body) {
    return operation.kind()
        + " "
        + operation.amount()
        + " "
        + operation.currency()
        + " "
        + body.lifetime().toSeconds();
  }
}
