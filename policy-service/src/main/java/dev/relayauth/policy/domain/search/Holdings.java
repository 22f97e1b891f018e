package dev.relayauth.policy.domain.search;

import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.Authority;
import dev.relayauth.policy.domain.decision.RoleGrant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an identity holds within all its ancestors, scope by scope. */
final class Holdings {
  private Holdings() {}

  /** In the order of their text, each once. */
  static List<Held> of(List<Agent> chain, Authority authority) {
    List<Held> held = own(chain.getLast(), authority);
    for (Agent ancestor : chain.subList(0, chain.size() - 1)) {
      // One that never had standing grants narrows nothing by itself: its issuers did.
      if (!ancestor.isIssuerScoped()) {
        held = within(held, scopes(own(ancestor, authority)));
      }
    }
    Map<Scope, Held> distinct = new LinkedHashMap<>();
    held.forEach(each -> distinct.putIfAbsent(each.scope(), each));
    return distinct.values().stream()
        .sorted(Comparator.comparing((Held each) -> each.scope().raw()))
        .toList();
  }

  private static List<Held> own(Agent agent, Authority authority) {
    List<Held> held = new ArrayList<>();
    agent.direct().stream().forEach(scope -> held.add(new Held(scope, "direct", null)));
    for (String id : agent.state().roles()) {
      RoleGrant role = authority.roles().get(id);
      if (role != null && role.countsFor(agent)) {
        role.scopes().stream().forEach(scope -> held.add(new Held(scope, "role", id)));
      }
    }
    return held;
  }

  private static ScopeSet scopes(List<Held> held) {
    return ScopeSet.ofScopes(
        held.stream().map(Held::scope).distinct().limit(ScopeSet.MAX_SIZE).toList());
  }

  private static List<Held> within(List<Held> held, ScopeSet boundary) {
    List<Held> inside = new ArrayList<>();
    for (Held each : held) {
      if (boundary.covers(each.scope())) {
        inside.add(each);
      } else {
        boundary.stream()
            .flatMap(scope -> each.scope().meet(scope).stream())
            .forEach(scope -> inside.add(new Held(scope, "inherited", each.role())));
      }
    }
    return inside.size() <= ScopeSet.MAX_SIZE ? inside : inside.subList(0, ScopeSet.MAX_SIZE);
  }
}
