package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetState;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.policy.adapter.budget.KnownBudgets;
import dev.relayauth.policy.domain.budget.Budget;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.search.AgentDirectory;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * No budget of money has one of another currency above or below it: whatever an agent under both
 * spent would be in the wrong one. Looks at what is there when limits bring a currency; blocking.
 */
@Singleton
final class BudgetCurrencies {
  private static final int PAGE = 1_000;

  private final KnownBudgets known;
  private final AgentDirectory agents;

  BudgetCurrencies(KnownBudgets known, AgentDirectory agents) {
    this.known = known;
    this.agents = agents;
  }

  /**
   * Refuses limits of an identity in another currency than that of the human, the workspaces or the
   * organisation that it is under.
   */
  void requireSameAbove(List<Agent> chain, BudgetLimits limits) {
    if (!limits.capsMoney()) {
      return;
    }
    for (Budget budget : known.of(chain.getLast().state().orgId(), chain).budgets()) {
      Owner owner = budget.owner();
      if (owner.kind() != Owner.Kind.identity
          && budget.capsMoney()
          && !budget.currency().equals(limits.effectiveCurrency())) {
        String detail = "is not that of the " + owner.kind();
        throw refused(ErrorCode.SCOPE_ESCALATION, "/currency", "/currency " + detail, detail);
      }
    }
  }

  /**
   * Refuses limits of an organisation, a workspace or a sponsor that bring a currency which others
   * above or below don't have.
   *
   * @param all those of the organisation as they are
   */
  void requireSame(BudgetState now, List<BudgetState> all) {
    BudgetState before = all.stream().filter(other -> isOf(other, now)).findFirst().orElse(null);
    BudgetLimits limits = now.limits();
    BudgetLimits defaults = now.agentDefaults();
    requireSameWithin(limits, defaults);
    if (limits != null && brings(before == null ? null : before.limits(), limits)) {
      Optional<String> other =
          around(
              now,
              all,
              each -> differs(limits, each.limits()) || differs(limits, each.agentDefaults()));
      refuse("/currency", other.or(() -> below(now, limits)));
    }
    if (defaults != null && brings(before == null ? null : before.agentDefaults(), defaults)) {
      refuse("/agentDefaults/currency", around(now, all, each -> differs(defaults, each.limits())));
    }
  }

  private static void requireSameWithin(
      @Nullable BudgetLimits limits, @Nullable BudgetLimits defaults) {
    if (limits != null && defaults != null && differs(limits, defaults)) {
      String detail = "is not that of the limits";
      String pointer = "/agentDefaults/currency";
      throw refused(ErrorCode.CONFLICT, pointer, pointer + " " + detail, detail);
    }
  }

  private static void refuse(String pointer, Optional<String> other) {
    if (other.isPresent()) {
      throw refused(ErrorCode.CONFLICT, pointer, other.get(), other.get());
    }
  }

  /** The organisation's is over all others, and all others are under it. */
  private static Optional<String> around(
      BudgetState now, List<BudgetState> all, Predicate<BudgetState> differing) {
    return all.stream()
        .filter(other -> isOver(other, now) || isOver(now, other))
        .filter(differing)
        .findFirst()
        .map(BudgetCurrencies::told);
  }

  private Optional<String> below(BudgetState now, BudgetLimits limits) {
    List<String> page = agents.idsAfter(now.orgId(), "", PAGE);
    while (!page.isEmpty()) {
      for (String id : page) {
        List<Agent> chain = agents.chain(now.orgId(), id).orElse(List.of());
        if (!chain.isEmpty() && isUnder(chain, now) && differs(limits, own(chain))) {
          return Optional.of("the budget of " + id + " below it is in " + currency(own(chain)));
        }
      }
      page = agents.idsAfter(now.orgId(), page.getLast(), PAGE);
    }
    return Optional.empty();
  }

  private static boolean isUnder(List<Agent> chain, BudgetState owner) {
    return switch (Owner.Kind.valueOf(owner.ownerKind())) {
      case organization -> true;
      case workspace ->
          chain.stream().anyMatch(each -> owner.ownerId().equals(each.state().workspaceId()));
      case sponsor -> chain.getLast().sponsorChain().getFirst().equals(owner.ownerId());
      case identity -> false;
    };
  }

  private static @Nullable BudgetLimits own(List<Agent> chain) {
    IdentityState self = chain.getLast().state();
    return switch (self.status()) {
      case active, suspended -> self.budget();
      case retired, deleted -> null;
    };
  }

  private static boolean isOver(BudgetState above, BudgetState below) {
    return above.ownerKind().equals(Owner.Kind.organization.name())
        && !below.ownerKind().equals(above.ownerKind());
  }

  private static boolean isOf(BudgetState one, BudgetState other) {
    return one.ownerKind().equals(other.ownerKind()) && one.ownerId().equals(other.ownerId());
  }

  private static boolean brings(@Nullable BudgetLimits before, BudgetLimits now) {
    boolean stays = before != null && before.capsMoney() && !differs(before, now);
    return now.capsMoney() && !stays;
  }

  private static boolean differs(BudgetLimits one, @Nullable BudgetLimits other) {
    return other != null
        && one.capsMoney()
        && other.capsMoney()
        && !one.effectiveCurrency().equals(other.effectiveCurrency());
  }

  private static String told(BudgetState other) {
    BudgetLimits limits = other.limits();
    boolean own = limits != null && limits.capsMoney();
    return "the budget of "
        + other.ownerKind()
        + " "
        + other.ownerId()
        + " is in "
        + currency(own ? limits : other.agentDefaults());
  }

  private static String currency(@Nullable BudgetLimits limits) {
    return limits == null ? Budget.DEFAULT_CURRENCY : limits.effectiveCurrency();
  }

  private static RefusedException refused(
      ErrorCode code, String pointer, String whole, String detail) {
    return new RefusedException(
        code, whole, Map.of("errors", List.of(Map.of("pointer", pointer, "detail", detail))));
  }
}
