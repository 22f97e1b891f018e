package dev.relayauth.policy.domain.decision;

import java.util.Map;

/**
 * The roles and policies of one organisation at one moment. Immutable.
 *
 * @param roles by id
 */
public record Authority(Map<String, RoleGrant> roles, DecisionIndex index) {
  /** Copies the roles. */
  public Authority {
    roles = Map.copyOf(roles);
  }
}
