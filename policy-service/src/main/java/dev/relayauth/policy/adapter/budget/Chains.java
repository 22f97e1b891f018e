package dev.relayauth.policy.adapter.budget;

import dev.relayauth.policy.adapter.kafka.AgentProjection;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** Where the owner is; null when it is in no workspace, or isn't known here yet. */
  @Nullable String workspace(String org, Owner owner) {
    return switch (owner.kind()) {
      case organization, sponsor -> null;
      case workspace -> owner.id();
      case identity -> {
        List<Agent> chain = agents.chain(org, owner.id()).orElse(List.of());
        yield chain.isEmpty() ? null : chain.getLast().state().workspaceId();
      }
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
