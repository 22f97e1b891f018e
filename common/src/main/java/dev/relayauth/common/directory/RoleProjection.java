package dev.relayauth.common.directory;

import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.event.Topics;
import java.util.List;
import java.util.Optional;

/** Roles from the policy topic. A service that needs them makes one a bean. */
public final class RoleProjection extends StateProjection<RoleState> {
  public RoleProjection() {
    super(Topics.POLICY, EntityKind.ROLE, RoleState.class, RoleState::revision);
  }

  /** The role, when it exists in that organisation. */
  public Optional<RoleState> find(String org, String id) {
    return state(org, id).filter(role -> !role.deleted());
  }

  /** Whether the role is known to have been deleted; ids are never used again. */
  public boolean isGone(String org, String id) {
    return state(org, id).filter(RoleState::deleted).isPresent();
  }

  /** What a role gives an identity: nothing when it is gone, or of another workspace. */
  public List<String> scopes(IdentityState identity, String id) {
    return find(identity.orgId(), id)
        .filter(
            role -> role.workspaceId() == null || role.workspaceId().equals(identity.workspaceId()))
        .map(RoleState::scopes)
        .orElse(List.of());
  }
}
