package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.budget.EffectiveLimits;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.policy.adapter.budget.KnownBudgets;
import dev.relayauth.policy.adapter.kafka.BudgetProjection;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Ledger;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Budgets of identities as clients see them. */
@Singleton
final class BudgetViews {
  private static final BudgetLimits NONE = new BudgetLimits(null, null, null, null);

  private final KnownBudgets known;
  private final Ledger ledger;
  private final InstantSource clock;

  BudgetViews(KnownBudgets known, Ledger ledger, InstantSource clock) {
    this.known = known;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** That of the last of a chain. Blocking. */
  BudgetView of(List<Agent> chain) {
    IdentityState self = chain.getLast().state();
    IdentityState topmost = chain.getFirst().state();
    List<BudgetLimits> binding = new ArrayList<>();
    BudgetLimits defaults =
        EffectiveLimits.isNone(topmost.budget()) ? known.defaults(topmost) : null;
    if (defaults != null) {
      binding.add(defaults);
    }
    IdentityState owner = null;
    for (Agent agent : chain) {
      BudgetLimits own = agent.state().budget();
      if (own != null && !EffectiveLimits.isNone(own)) {
        binding.add(own);
        owner = agent.state();
      }
    }
    BudgetLimits limits = EffectiveLimits.of(binding);
    if (limits == null) {
      return view(self, List.of(), NONE, null);
    }
    Owner counted = Owner.identity(owner == null ? topmost.id() : owner.id());
    List<Cap> caps = caps(counted, binding.getLast(), limits);
    String from = owner == null ? "defaults" : owner.id();
    return view(self, caps, limits, owner == self ? null : from);
  }

  /** The caps that are counted for the owner itself, with the limits that bind it. */
  private static List<Cap> caps(Owner owner, BudgetLimits own, BudgetLimits binding) {
    List<String> counted = BudgetProjection.read(owner, own).caps().stream().map(Cap::key).toList();
    return BudgetProjection.read(owner, binding).caps().stream()
        .filter(cap -> counted.contains(cap.key()))
        .toList();
  }

  private BudgetView view(
      IdentityState self, List<Cap> caps, BudgetLimits limits, @Nullable String inheritedFrom) {
    UsageView usage = UsageView.of(caps, ledger.usage(self.orgId(), caps, clock.instant()));
    return new BudgetView(self.id(), null, null, limits, limits, inheritedFrom, null, usage);
  }
}
