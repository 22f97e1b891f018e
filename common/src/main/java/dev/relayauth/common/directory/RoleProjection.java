package dev.relayauth.common.directory;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Roles from the policy topic. A service that needs them makes one a bean. */
public final class RoleProjection implements FeedHandler {
  private final Map<String, RoleState> byKey = new ConcurrentHashMap<>();

  @Override
  public String topic() {
    return Topics.POLICY;
  }

  @Override
  public void apply(CloudEvent event) {
    if (!EntityKind.ROLE.owns(event.key())) {
      return;
    }
    byte[] data = event.data();
    if (data == null) {
      byKey.remove(event.key());
      return;
    }
    RoleState state = Json.read(data, RoleState.class);
    byKey.merge(event.key(), state, (old, now) -> now.revision() >= old.revision() ? now : old);
  }

  /** The role, when it exists in that organisation. */
  public Optional<RoleState> find(String org, String id) {
    return Optional.ofNullable(byKey.get(EntityKind.ROLE.key(org, id)))
        .filter(role -> !role.deleted());
  }

  /** Whether the role is known to have been deleted; ids are never used again. */
  public boolean isGone(String org, String id) {
    RoleState role = byKey.get(EntityKind.ROLE.key(org, id));
    return role != null && role.deleted();
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
