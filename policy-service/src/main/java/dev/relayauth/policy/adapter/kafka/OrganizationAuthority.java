package dev.relayauth.policy.adapter.kafka;

import dev.relayauth.policy.domain.administration.BuiltInRoles;
import dev.relayauth.policy.domain.decision.Authority;
import dev.relayauth.policy.domain.decision.DecisionIndex;
import dev.relayauth.policy.domain.decision.RoleGrant;
import dev.relayauth.policy.domain.decision.Rule;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The roles and policies of one organisation, and what they compile to. It is compiled when first
 * asked for, so that a start reads a million records without compiling each time, and from then on
 * at each change, before the change counts as applied; readers get it by one volatile read.
 */
final class OrganizationAuthority {
  private final Map<String, Rule> rules = new HashMap<>();
  private final Map<String, RoleGrant> roles = new HashMap<>();
  private volatile @Nullable Authority compiled;

  OrganizationAuthority() {
    BuiltInRoles.of("").forEach(role -> roles.put(role.id(), RoleGrant.of(role)));
  }

  Authority current() {
    Authority known = compiled;
    return known == null ? compile() : known;
  }

  private synchronized Authority compile() {
    Authority known = compiled;
    if (known == null) {
      known = new Authority(roles, DecisionIndex.of(rules.values()));
      compiled = known;
    }
    return known;
  }

  synchronized void put(Rule rule) {
    rules.put(rule.id(), rule);
    reindex();
  }

  synchronized void removePolicy(String id) {
    if (rules.remove(id) != null) {
      reindex();
    }
  }

  synchronized void put(RoleGrant role) {
    roles.put(role.id(), role);
    regrant();
  }

  synchronized void removeRole(String id) {
    if (roles.remove(id) != null) {
      regrant();
    }
  }

  private void reindex() {
    if (compiled != null) {
      compiled = new Authority(roles, DecisionIndex.of(rules.values()));
    }
  }

  private void regrant() {
    Authority known = compiled;
    if (known != null) {
      compiled = new Authority(roles, known.index());
    }
  }
}
