package dev.relayauth.token.adapter.kafka;

import dev.relayauth.common.directory.RoleProjection;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.token.domain.issuing.DenyRule;
import dev.relayauth.token.domain.issuing.GrantSource;
import jakarta.inject.Singleton;
import java.util.List;

/** Roles and policies from the policy topic. */
@Singleton
public final class ProjectedGrants implements GrantSource {
  private final RoleProjection roles;
  private final DenyPolicies denials;

  ProjectedGrants(RoleProjection roles, DenyPolicies denials) {
    this.roles = roles;
    this.denials = denials;
  }

  @Override
  public List<String> roleScopes(IdentityState identity, String role) {
    return roles.scopes(identity, role);
  }

  @Override
  public List<DenyRule> denials(String org) {
    return denials.of(org);
  }
}
