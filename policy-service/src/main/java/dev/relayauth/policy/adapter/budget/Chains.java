package dev.relayauth.policy.adapter.budget;

import dev.relayauth.policy.adapter.kafka.AgentProjection;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.util.List;

/** Who answers for the owner of a budget. */
@Singleton
final class Chains {
  private final AgentProjection agents;

  Chains(AgentProjection agents) {
    this.agents = agents;
  }

  /** First the human; empty when no human answers for it, or it isn't known here yet. */
  List<String> of(String org, Owner owner) {
    return switch (owner.kind()) {
      case organization, workspace -> List.of();
      case sponsor -> List.of(owner.id());
      case identity -> chain(org, owner.id());
    };
  }

  private List<String> chain(String org, String id) {
    return agents
        .chain(org, id)
        .map(chain -> chain.getLast())
        .map(Agent::sponsorChain)
        .orElse(List.of());
  }
}
