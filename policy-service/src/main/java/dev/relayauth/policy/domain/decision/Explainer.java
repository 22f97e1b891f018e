package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.PolicyState.Effect;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.policy.domain.decision.Explanation.ConditionStep;
import dev.relayauth.policy.domain.decision.Explanation.NearestMiss;
import dev.relayauth.policy.domain.decision.Explanation.PolicyStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells how a decision that has been made came about; takes no part in making it. */
final class Explainer {
  private static final int MAX_POLICIES = 50;

  private final Snapshot snapshot;
  private final DecisionRequest request;
  private final Agent self;
  private final Facts facts;

  private Explainer(Snapshot snapshot, DecisionRequest request, Instant now) {
    this.snapshot = snapshot;
    this.request = request;
    this.self = request.chain().getLast();
    this.facts = Facts.of(request, now);
  }

  static Explanation explain(
      Snapshot snapshot, DecisionRequest request, Instant now, Decision decision) {
    boolean foreign = decision.reason() == Reason.ORG_MISMATCH;
    return request.chain().isEmpty() || foreign
        ? new Explanation(Summary.of(decision, request.scope(), null), null, List.of(), null, null)
        : new Explainer(snapshot, request, now).explain(decision);
  }

  private Explanation explain(Decision decision) {
    Map<String, RoleGrant> roles = snapshot.authority().roles();
    Matched grant =
        decision.isAllowed()
            ? decision.matched()
            : Grants.own(self, roles, request.scope()).orElse(null);
    String boundary = boundary(roles);
    return new Explanation(
        Summary.of(decision, request.scope(), boundary),
        grant,
        policies(),
        boundary,
        decision.isAllowed() ? null : nearestMiss(roles));
  }

  /** The first ancestor with standing grants that lacks what is requested. */
  private @Nullable String boundary(Map<String, RoleGrant> roles) {
    return request.chain().subList(0, request.chain().size() - 1).stream()
        .filter(ancestor -> !ancestor.isIssuerScoped())
        .filter(ancestor -> Grants.own(ancestor, roles, request.scope()).isEmpty())
        .map(Agent::id)
        .findFirst()
        .orElse(null);
  }

  private @Nullable NearestMiss nearestMiss(Map<String, RoleGrant> roles) {
    Scope requested = request.scope();
    NearestScope nearest = new NearestScope(requested);
    if (Grants.own(self, roles, requested).isEmpty() && !self.isIssuerScoped()) {
      nearest.consider(self.direct(), "direct");
      for (String id : self.state().roles()) {
        RoleGrant role = roles.get(id);
        if (role != null && role.countsFor(self)) {
          nearest.consider(role.scopes(), id);
        }
      }
    } else if (request.subject() instanceof AccessSubject.Bearer bearer
        && !bearer.token().scopes().covers(requested)) {
      nearest.consider(bearer.token().scopes(), "token");
    }
    return nearest.found();
  }

  private List<PolicyStep> policies() {
    List<PolicyStep> steps = new ArrayList<>();
    for (Effect effect : List.of(Effect.deny, Effect.allow)) {
      for (Layer layer : Layer.values()) {
        Set<Rule> rules = new LinkedHashSet<>();
        snapshot.authority().index().candidates(layer, effect, facts, request.scope(), rules::add);
        rules.stream().sorted(Rule.BY_PRIORITY).map(this::step).forEach(steps::add);
      }
    }
    return steps.size() <= MAX_POLICIES ? steps : steps.subList(0, MAX_POLICIES);
  }

  private PolicyStep step(Rule rule) {
    return new PolicyStep(
        rule.id(),
        rule.name(),
        rule.layer().wireName(),
        rule.effect().name(),
        rule.priority(),
        rule.matches(facts),
        rule.conditions().stream().map(this::step).toList());
  }

  private ConditionStep step(Condition condition) {
    PolicyState.Condition written = condition.written();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", written.type());
    if (written.attribute() != null) {
      members.put("attribute", written.attribute());
    }
    members.put("operator", written.operator());
    members.put("value", written.value());
    return new ConditionStep(members, condition.find(facts).name().toLowerCase(Locale.ROOT));
  }
}
