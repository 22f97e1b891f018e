package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.PolicyState.Effect;
import dev.relayauth.common.scope.Scope;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy, read and ready to be applied.
 *
 * @param workspaceId where it applies; null means anywhere
 * @param identityId whom it applies to, with all its descendants; null means anyone
 */
public record Rule(
    String id,
    String name,
    Effect effect,
    Layer layer,
    List<Scope> scopes,
    List<Condition> conditions,
    List<Map<String, String>> obligations,
    int priority,
    @Nullable String workspaceId,
    @Nullable String identityId) {

  /** The order in which rules of one layer and effect are named: by priority, then by id. */
  static final Comparator<Rule> BY_PRIORITY =
      Comparator.comparingInt(Rule::priority).reversed().thenComparing(Rule::id);

  /**
   * The rule of a policy.
   *
   * @throws RuntimeException when a scope or a condition can't be read: never skip what denies
   */
  public static Rule of(PolicyState policy) {
    return new Rule(
        policy.id(),
        policy.name(),
        policy.effect(),
        layer(policy),
        policy.scopes().stream().map(Scope::parse).distinct().toList(),
        policy.conditions().stream()
            .map(condition -> ConditionReader.read(condition, policy.effect()))
            .toList(),
        policy.obligations(),
        policy.priority(),
        policy.workspaceId(),
        policy.identityId());
  }

  private static Layer layer(PolicyState policy) {
    if (policy.identityId() != null) {
      return Layer.AGENT;
    }
    return policy.workspaceId() == null ? Layer.ORG : Layer.WORKSPACE;
  }

  /**
   * Whether it is about this agent at all. A deny of an ancestor's or actor's workspace, or of an
   * actor, is: what one may not do, one can't have done by another.
   */
  boolean concerns(Facts facts) {
    return switch (effect) {
      case deny ->
          (workspaceId == null || facts.workspaces().contains(workspaceId))
              && (identityId == null || facts.isBoundBy(identityId));
      case allow ->
          (workspaceId == null || workspaceId.equals(facts.agent().state().workspaceId()))
              && (identityId == null || facts.agent().sponsorChain().contains(identityId));
    };
  }

  /** Whether something is covered both by one of its scopes and by {@code requested}. */
  boolean overlaps(Scope requested) {
    for (Scope scope : scopes) {
      if (scope.covers(requested) || scope.meet(requested).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of its scopes covers {@code requested} whole. */
  boolean covers(Scope requested) {
    for (Scope scope : scopes) {
      if (scope.covers(requested)) {
        return true;
      }
    }
    return false;
  }

  /** What becomes of all its conditions together; met when it has none. */
  Finding find(Facts facts) {
    Finding finding = Finding.MET;
    for (Condition condition : conditions) {
      finding = finding.and(condition.find(facts));
      if (finding == Finding.UNMET) {
        return finding;
      }
    }
    return finding;
  }

  /** Whether it takes effect: what is unknown never permits. */
  boolean matches(Facts facts) {
    Finding finding = find(facts);
    return switch (effect) {
      case deny -> finding != Finding.UNMET;
      case allow -> finding == Finding.MET;
    };
  }
}
