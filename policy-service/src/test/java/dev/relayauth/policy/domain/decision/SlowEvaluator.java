package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.PolicyState.Effect;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The algorithm of the contract, read from the raw states, as plainly as it can be written: every
 * policy is looked at, every set of grants is intersected in full.
 */
final class SlowEvaluator {
  private final Map<String, List<String>> roles;
  private final List<PolicyState> policies;

  /** What it comes to. */
  record Verdict(boolean allowed, Reason reason, String policy, List<Map<String, String>> duties) {}

  SlowEvaluator(Map<String, List<String>> roles, List<PolicyState> policies) {
    this.roles = roles;
    this.policies =
        policies.stream()
            .sorted(
                Comparator.comparing((PolicyState p) -> -p.priority())
                    .thenComparing(PolicyState::id))
            .toList();
  }

  Verdict decide(List<IdentityState> chain, Optional<ScopeSet> token, Scope asked, Facts facts) {
    IdentityState self = chain.getLast();
    for (int layer = 0; layer < 3; layer++) {
      for (PolicyState policy : policies) {
        if (policy.effect() == Effect.deny
            && layer(policy) == layer
            && binds(policy, chain, facts)
            && overlaps(policy, asked)
            && finding(policy, facts) != Finding.UNMET) {
          Reason[] reasons = {
            Reason.ORG_POLICY_DENY, Reason.WORKSPACE_POLICY_DENY, Reason.AGENT_POLICY_DENY
          };
          return deny(reasons[layer], policy.id());
        }
      }
    }
    ScopeSet standing = self.issuerScoped() ? token.orElse(ScopeSet.empty()) : own(self);
    for (IdentityState ancestor : chain.subList(0, chain.size() - 1)) {
      if (!ancestor.issuerScoped()) {
        standing = standing.intersection(own(ancestor));
      }
    }
    if (!standing.covers(asked)) {
      return deny(Reason.IMPLICIT_DENY, null);
    }
    if (token.isPresent() && !token.get().intersection(standing).covers(asked)) {
      return deny(Reason.SCOPE_NOT_IN_TOKEN, null);
    }
    return allow(self, asked, facts);
  }

  private Verdict allow(IdentityState self, Scope asked, Facts facts) {
    List<PolicyState> about =
        policies.stream()
            .filter(p -> p.effect() == Effect.allow && concerns(p, self) && overlaps(p, asked))
            .toList();
    List<PolicyState> met = about.stream().filter(p -> finding(p, facts) == Finding.MET).toList();
    for (PolicyState policy : about) {
      if (!met.contains(policy)) {
        for (String text : policy.scopes()) {
          Optional<Scope> part = Scope.parse(text).meet(asked);
          if (part.isPresent() && met.stream().noneMatch(p -> covers(p, part.get()))) {
            return deny(Reason.IMPLICIT_DENY, null);
          }
        }
      }
    }
    String strongest =
        met.stream().filter(p -> covers(p, asked)).map(PolicyState::id).findFirst().orElse(null);
    List<Map<String, String>> duties =
        met.stream().flatMap(p -> p.obligations().stream()).distinct().toList();
    Set<String> known = Set.of("log", "custom", "require_approval");
    if (duties.stream().anyMatch(duty -> !known.contains(duty.get("type")))) {
      return deny(Reason.UNKNOWN_OBLIGATION, strongest);
    }
    for (PolicyState policy : met) {
      if (policy.obligations().contains(Map.of("type", "require_approval"))) {
        return deny(Reason.APPROVAL_REQUIRED, policy.id());
      }
    }
    return new Verdict(true, Reason.GRANTED, strongest, duties);
  }

  private static Verdict deny(Reason reason, String policy) {
    return new Verdict(false, reason, policy, List.of());
  }

  private ScopeSet own(IdentityState identity) {
    List<String> scopes = new ArrayList<>(identity.scopes());
    identity.roles().forEach(role -> scopes.addAll(roles.getOrDefault(role, List.of())));
    return ScopeSet.lenient(scopes);
  }

  private static int layer(PolicyState policy) {
    return policy.identityId() != null ? 2 : policy.workspaceId() != null ? 1 : 0;
  }

  private static boolean concerns(PolicyState policy, IdentityState self) {
    boolean here = policy.workspaceId() == null || policy.workspaceId().equals(self.workspaceId());
    boolean mine = policy.identityId() == null || self.sponsorChain().contains(policy.identityId());
    return here && mine;
  }

  /** A deny binds whoever is bound by it, all below them, and those they act for. */
  private static boolean binds(PolicyState policy, List<IdentityState> chain, Facts facts) {
    boolean here =
        policy.workspaceId() == null
            || facts.actorPlaces().contains(policy.workspaceId())
            || chain.stream().anyMatch(each -> policy.workspaceId().equals(each.workspaceId()));
    boolean named =
        policy.identityId() == null
            || facts.actors().contains(policy.identityId())
            || chain.getLast().sponsorChain().contains(policy.identityId());
    return here && named;
  }

  private static boolean overlaps(PolicyState policy, Scope asked) {
    return policy.scopes().stream()
        .map(Scope::parse)
        .anyMatch(s -> s.covers(asked) || asked.covers(s) || s.meet(asked).isPresent());
  }

  private static boolean covers(PolicyState policy, Scope part) {
    return policy.scopes().stream().map(Scope::parse).anyMatch(s -> s.covers(part));
  }

  /** Whether it holds of the agent, of one above it, or of one who acts for it. */
  private static Finding ofWorkspace(PolicyState.Condition condition, Facts facts) {
    List<String> places = new ArrayList<>(facts.actorPlaces());
    facts.chain().forEach(each -> places.add(String.valueOf(each.state().workspaceId())));
    List<?> values = condition.value() instanceof List<?> list ? list : List.of(condition.value());
    boolean holds =
        places.stream()
            .anyMatch(
                place ->
                    switch (condition.operator()) {
                      case "eq", "in" -> values.contains(place);
                      case "neq", "not_in" -> !values.contains(place);
                      default -> place.startsWith(values.getFirst().toString().replace("*", ""));
                    });
    return holds ? Finding.MET : Finding.UNMET;
  }

  private static Finding finding(PolicyState policy, Facts facts) {
    List<Finding> findings =
        policy.conditions().stream()
            .map(
                c ->
                    policy.effect() == Effect.deny && c.type().equals("workspace")
                        ? ofWorkspace(c, facts)
                        : ConditionReader.read(c, policy.effect()).find(facts))
            .toList();
    if (findings.contains(Finding.UNMET)) {
      return Finding.UNMET;
    }
    return findings.contains(Finding.UNKNOWN) ? Finding.UNKNOWN : Finding.MET;
  }
}
