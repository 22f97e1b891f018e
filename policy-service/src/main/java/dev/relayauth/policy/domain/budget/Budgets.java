package dev.relayauth.policy.domain.budget;

import dev.relayauth.common.event.BudgetLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every budget that an action of one identity takes of: its own, its ancestors', its human's, its
 * workspace's and its organisation's; and the same of each agent that acts for it.
 *
 * @param org the organisation
 * @param identityId who acts
 * @param chain first the human, last who acts
 * @param budgets each once
 * @param actors the owners that bind only an agent that acts for the identity, with the chain of
 *     that agent
 */
public record Budgets(
    String org,
    String identityId,
    List<String> chain,
    List<Budget> budgets,
    Map<Owner, List<String>> actors) {
  /** Copies the collections. */
  public Budgets {
    chain = List.copyOf(chain);
    budgets = List.copyOf(budgets);
    actors = Map.copyOf(actors);
  }

  /** The budgets of an identity for which nobody acts. */
  public Budgets(String org, String identityId, List<String> chain, List<Budget> budgets) {
    this(org, identityId, chain, budgets, Map.of());
  }

  /** The agent by whom an owner's budget is taken of: the identity, or one that acts for it. */
  public String spender(Owner owner) {
    return bound(owner).getLast();
  }

  /** The chain of that agent, first the human; as far as the owner when that is an identity. */
  public List<String> chainOf(Owner owner) {
    List<String> bound = bound(owner);
    int at = owner.kind() == Owner.Kind.identity ? bound.indexOf(owner.id()) : -1;
    return at < 0 ? bound : bound.subList(0, at + 1);
  }

  private List<String> bound(Owner owner) {
    return actors.getOrDefault(owner, chain);
  }

  /** Whether nothing is capped. */
  public boolean isEmpty() {
    return budgets.isEmpty();
  }

  /** What an action takes, in the order of the ledger. */
  public List<Demand> demands(Action action) {
    List<Demand> demands = new ArrayList<>(budgets.size() + 1);
    for (Budget budget : budgets) {
      for (Cap cap : budget.caps()) {
        cap.demand(action, identityId).ifPresent(demands::add);
      }
    }
    return demands;
  }

  /** The budget that an amount is too large for at once. */
  public Optional<Budget> tooLarge(long cost) {
    for (Budget budget : budgets) {
      if (cost > budget.maxCostPerAction() && budget.limits().mode() != BudgetLimits.Mode.shadow) {
        return Optional.of(budget);
      }
    }
    return Optional.empty();
  }

  /** The currency of the budgets that cap money; the default when none does. */
  public String currency() {
    for (Budget budget : budgets) {
      if (budget.capsMoney()) {
        return budget.currency();
      }
    }
    return Budget.DEFAULT_CURRENCY;
  }

  /** Whether an amount in {@code asked} can be counted by every budget that caps money. */
  public boolean takes(@Nullable String asked) {
    String currency = asked == null ? currency() : asked;
    for (Budget budget : budgets) {
      if (budget.capsMoney() && !budget.currency().equals(currency)) {
        return false;
      }
    }
    return true;
  }

  /** Every cap. */
  public List<Cap> caps() {
    return budgets.stream().flatMap(budget -> budget.caps().stream()).toList();
  }
}
