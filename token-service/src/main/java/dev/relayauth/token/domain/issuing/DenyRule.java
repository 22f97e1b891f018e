package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy that denies: always, or under conditions.
 *
 * @param workspaceId the only workspace it is about, when it names one
 * @param identityId the only agent it is about, with all that descend from it
 */
public record DenyRule(
    String policyId,
    ScopeSet scopes,
    @Nullable String workspaceId,
    @Nullable String identityId,
    List<DenyCondition> conditions) {
  /** Copies the conditions. */
  public DenyRule {
    conditions = List.copyOf(conditions);
  }

  /** Whether it is about this identity at all. */
  boolean concerns(IdentityState identity) {
    return (workspaceId == null || workspaceId.equals(identity.workspaceId()))
        && (identityId == null || identity.sponsorChain().contains(identityId));
  }

  /** Whether it is about one of these identities, wherever that is. */
  boolean namesOneOf(List<String> ids) {
    return identityId != null && ids.contains(identityId);
  }

  /** Whether all its conditions surely hold at the moment of an issue. */
  boolean appliesIn(Circumstances now) {
    return conditions.stream().allMatch(condition -> condition.surelyHolds(now));
  }

  /** Whether all that {@code scope} would allow is denied; a narrow rule leaves the rest. */
  boolean denies(Scope scope) {
    return scopes.covers(scope);
  }
}
