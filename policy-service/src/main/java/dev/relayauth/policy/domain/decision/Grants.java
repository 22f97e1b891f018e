package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What identities hold: direct scopes and those of roles, within the same of every ancestor. */
final class Grants {
  private Grants() {}

  /** The grant of the chain's last agent that covers {@code requested}, ancestors permitting. */
  static Optional<Matched> find(
      List<Agent> chain, Map<String, RoleGrant> roles, @Nullable ScopeSet token, Scope requested) {
    Agent self = chain.getLast();
    return isWithinAncestors(chain, roles, requested)
        ? self.isIssuerScoped() ? issued(token, requested) : own(self, roles, requested)
        : Optional.empty();
  }

  /** An identity without standing grants has what the issuer of its token named. */
  private static Optional<Matched> issued(@Nullable ScopeSet token, Scope requested) {
    return token == null
        ? Optional.empty()
        : token
            .coveringGrant(requested)
            .map(scope -> new Matched(scope.raw(), Matched.Via.ISSUER, null, null, null));
  }

  /** An ancestor that never had standing grants narrows nothing by itself: its issuers did. */
  static boolean isWithinAncestors(
      List<Agent> chain, Map<String, RoleGrant> roles, Scope requested) {
    for (Agent ancestor : chain.subList(0, chain.size() - 1)) {
      if (!ancestor.isIssuerScoped() && own(ancestor, roles, requested).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** An agent's own grant that covers {@code requested}: a direct one first. */
  static Optional<Matched> own(Agent agent, Map<String, RoleGrant> roles, Scope requested) {
    Optional<Scope> direct = agent.direct().coveringGrant(requested);
    if (direct.isPresent()) {
      return direct.map(scope -> new Matched(scope.raw(), Matched.Via.DIRECT, null, null, null));
    }
    for (String id : agent.state().roles()) {
      RoleGrant role = roles.get(id);
      if (role != null && role.countsFor(agent)) {
        Optional<Scope> held = role.scopes().coveringGrant(requested);
        if (held.isPresent()) {
          return held.map(scope -> new Matched(scope.raw(), Matched.Via.ROLE, id, null, null));
        }
      }
    }
    return Optional.empty();
  }
}
