package dev.relayauth.policy.domain.replay;

import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.policy.domain.decision.Authority;
import dev.relayauth.policy.domain.decision.DecisionIndex;
import dev.relayauth.policy.domain.decision.RoleGrant;
import dev.relayauth.policy.domain.decision.Rule;
import java.util.HashMap;
import java.util.Map;

/** The roles and policies of an organisation, apart from the ones in force, to try changes on. */
public final class Rules {
  private final Map<String, Rule> policies;
  private final Map<String, RoleGrant> roles;

  /** A copy of these, by id. */
  public Rules(Map<String, Rule> policies, Map<String, RoleGrant> roles) {
    this.policies = new HashMap<>(policies);
    this.roles = new HashMap<>(roles);
  }

  /** Another copy. */
  public Rules copy() {
    return new Rules(policies, roles);
  }

  /** Puts a policy in, or takes a deleted one out. */
  public Rules with(PolicyState policy) {
    if (policy.deleted()) {
      policies.remove(policy.id());
    } else {
      policies.put(policy.id(), Rule.of(policy));
    }
    return this;
  }

  /** Puts a role in, or takes a deleted one out. */
  public Rules with(RoleState role) {
    if (role.deleted()) {
      roles.remove(role.id());
    } else {
      roles.put(role.id(), RoleGrant.of(role));
    }
    return this;
  }

  /** What they compile to. */
  public Authority compile() {
    return new Authority(roles, DecisionIndex.of(policies.values()));
  }
}
