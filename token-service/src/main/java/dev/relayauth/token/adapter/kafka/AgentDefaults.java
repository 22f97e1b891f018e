package dev.relayauth.token.adapter.kafka;

import dev.relayauth.common.directory.StateProjection;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetState;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.Topics;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The limits of agents that have none of their own, from the policy topic. */
@Singleton
public final class AgentDefaults extends StateProjection<BudgetState> {
  AgentDefaults() {
    super(Topics.POLICY, EntityKind.BUDGET, BudgetState.class, BudgetState::revision);
  }

  /** Those of its workspace, or else of its organisation, for an agent right under a human. */
  public Optional<BudgetLimits> of(IdentityState topmost) {
    String org = topmost.orgId();
    return Optional.ofNullable(topmost.workspaceId())
        .flatMap(workspace -> find(org, "workspace." + workspace))
        .or(() -> find(org, "organization." + org));
  }

  private Optional<BudgetLimits> find(String org, String owner) {
    return state(org, owner).map(BudgetState::agentDefaults);
  }
}
