package dev.relayauth.policy.domain.decision;

import java.util.Map;

/**
 * The roles and policies of one organisation at one moment. Immutable.
 *
 * @param roles by id
 * @param revision the sequence of the newest event that is in it
 */
public record Authority(Map<String, RoleGrant> roles, DecisionIndex index, long revision) {
  /** Copies the roles. */
  public Authority {
    roles = Map.copyOf(roles);
  }

  /** One that no event has made. */
  public Authority(Map<String, RoleGrant> roles, DecisionIndex index) {
    this(roles, index, 0);
  }
}
