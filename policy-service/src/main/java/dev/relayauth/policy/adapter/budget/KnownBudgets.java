package dev.relayauth.policy.adapter.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.budget.EffectiveLimits;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.policy.adapter.kafka.BudgetProjection;
import dev.relayauth.policy.adapter.kafka.BudgetProjection.Held;
import dev.relayauth.policy.domain.budget.Budget;
import dev.relayauth.policy.domain.budget.Budgets;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which budgets an identity's actions take of, from memory. */
@Singleton
public final class KnownBudgets {
  private static final int REMEMBERED = 100_000;

  private final BudgetProjection projection;
  private final Cache<IdentityState, Read> read =
      Caffeine.newBuilder().executor(Runnable::run).weakKeys().maximumSize(REMEMBERED).build();

  KnownBudgets(BudgetProjection projection) {
    this.projection = projection;
  }

  /** A budget and the limits that it was read from. */
  private record Read(BudgetLimits limits, Budget budget) {}

  /** The budgets above and of the last of a chain that isn't empty. */
  public Budgets of(String org, List<Agent> chain) {
    return of(org, chain, projection.of(org));
  }

  /**
   * The same with those of who acts for it, each once.
   *
   * @param actors the chains of those, none empty
   */
  public Budgets of(String org, List<Agent> chain, List<List<Agent>> actors) {
    Map<String, Held> held = projection.of(org);
    Budgets own = of(org, chain, held);
    if (actors.isEmpty()) {
      return own;
    }
    List<Budget> all = new ArrayList<>(own.budgets());
    Set<Owner> known = all.stream().map(Budget::owner).collect(Collectors.toSet());
    Map<Owner, List<String>> acting = new HashMap<>();
    for (List<Agent> actor : actors) {
      Budgets theirs = of(org, actor, held);
      for (Budget budget : theirs.budgets()) {
        if (known.add(budget.owner())) {
          all.add(budget);
          acting.put(budget.owner(), theirs.chain());
        }
      }
    }
    return new Budgets(org, own.identityId(), own.chain(), all, acting);
  }

  private Budgets of(String org, List<Agent> chain, Map<String, Held> held) {
    IdentityState self = chain.getLast().state();
    List<Budget> budgets = new ArrayList<>(4);
    for (int at = chain.size() - 1; at >= 0; at--) {
      Budget own = own(chain.get(at).state(), at == 0 ? held : Map.of());
      if (own != null) {
        budgets.add(own);
      }
    }
    if (!held.isEmpty()) {
      add(budgets, held.get(sponsor(self).key()));
      for (String workspace : workspaces(chain)) {
        add(budgets, held.get(workspace(workspace).key()));
      }
      add(budgets, held.get(organization(org).key()));
    }
    return new Budgets(org, self.id(), self.sponsorChain(), budgets);
  }

  /** The limits of an agent right under a human that has none of its own. */
  public @Nullable BudgetLimits defaults(IdentityState topmost) {
    return defaults(topmost, projection.of(topmost.orgId()));
  }

  private @Nullable Budget own(IdentityState state, Map<String, Held> held) {
    BudgetLimits own = state.budget();
    BudgetLimits limits = EffectiveLimits.isNone(own) ? defaults(state, held) : own;
    if (limits == null) {
      return null;
    }
    Read known = read.getIfPresent(state);
    if (known == null || known.limits != limits) {
      known = new Read(limits, BudgetProjection.read(Owner.identity(state.id()), limits));
      read.put(state, known);
    }
    return known.budget;
  }

  private static @Nullable BudgetLimits defaults(IdentityState state, Map<String, Held> held) {
    if (held.isEmpty()) {
      return null;
    }
    Held workspace =
        state.workspaceId() == null ? null : held.get(workspace(state.workspaceId()).key());
    if (workspace != null && workspace.agentDefaults() != null) {
      return workspace.agentDefaults();
    }
    Held organization = held.get(organization(state.orgId()).key());
    return organization == null ? null : organization.agentDefaults();
  }

  /** The workspace of the last of a chain, and those of who stands above it. */
  private static Set<String> workspaces(List<Agent> chain) {
    Set<String> ids = new LinkedHashSet<>();
    for (Agent agent : chain.reversed()) {
      if (agent.state().workspaceId() != null) {
        ids.add(agent.state().workspaceId());
      }
    }
    return ids;
  }

  private static void add(List<Budget> budgets, @Nullable Held held) {
    if (held != null && held.budget() != null) {
      budgets.add(held.budget());
    }
  }

  private static Owner sponsor(IdentityState state) {
    return new Owner(Owner.Kind.sponsor, state.sponsorChain().getFirst());
  }

  private static Owner workspace(String id) {
    return new Owner(Owner.Kind.workspace, id);
  }

  private static Owner organization(String org) {
    return new Owner(Owner.Kind.organization, org);
  }
}
