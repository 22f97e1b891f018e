package dev.relayauth.policy.adapter.kafka;

import dev.relayauth.policy.domain.administration.BuiltInRoles;
import dev.relayauth.policy.domain.decision.Authority;
import dev.relayauth.policy.domain.decision.DecisionIndex;
import dev.relayauth.policy.domain.decision.RoleGrant;
import dev.relayauth.policy.domain.decision.Rule;
import dev.relayauth.policy.domain.replay.Rules;
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
  private long revision;
  private volatile @Nullable Authority compiled;

  OrganizationAuthority() {
    BuiltInRoles.of("").forEach(role -> roles.put(role.id(), RoleGrant.of(role)));
  }

  Authority current() {
    Authority known = compiled;
    return known == null ? compile() : known;
  }

  /** A copy, to be changed and compiled elsewhere. */
  synchronized Rules copy() {
    return new Rules(rules, roles);
  }

  private synchronized Authority compile() {
    Authority known = compiled;
    if (known == null) {
      known = new Authority(roles, DecisionIndex.of(rules.values()), revision);
      compiled = known;
    }
    return known;
  }

  synchronized void put(Rule rule, long sequence) {
    rules.put(rule.id(), rule);
    reindex(sequence);
  }

  synchronized void removePolicy(String id, long sequence) {
    rules.remove(id);
    reindex(sequence);
  }

  synchronized void put(RoleGrant role, long sequence) {
    roles.put(role.id(), role);
    regrant(sequence);
  }

  synchronized void removeRole(String id, long sequence) {
    roles.remove(id);
    regrant(sequence);
  }

  private void reindex(long sequence) {
    revision = Math.max(revision, sequence);
    if (compiled != null) {
      compiled = new Authority(roles, DecisionIndex.of(rules.values()), revision);
    }
  }

  private void regrant(long sequence) {
    revision = Math.max(revision, sequence);
    Authority known = compiled;
    if (known != null) {
      compiled = new Authority(roles, known.index(), revision);
    }
  }
}
