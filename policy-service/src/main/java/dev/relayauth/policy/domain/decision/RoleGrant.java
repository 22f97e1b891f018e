package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.scope.ScopeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a role gives to those who have it.
 *
 * @param workspaceId the only workspace where it counts; null means everywhere
 */
public record RoleGrant(String id, ScopeSet scopes, @Nullable String workspaceId) {
  /** The grant of a role. */
  public static RoleGrant of(RoleState role) {
    return new RoleGrant(role.id(), ScopeSet.lenient(role.scopes()), role.workspaceId());
  }

  /** Whether it counts where the agent is. */
  public boolean countsFor(Agent agent) {
    return workspaceId == null || workspaceId.equals(agent.state().workspaceId());
  }
}
