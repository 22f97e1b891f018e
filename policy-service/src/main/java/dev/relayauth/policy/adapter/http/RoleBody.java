package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.http.Violations;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A role, or a change to one, as a client sends it. */
record RoleBody(
    @Nullable String name,
    @Nullable String description,
    @Nullable List<String> scopes,
    @JsonAlias("org_id") @Nullable String orgId,
    @JsonAlias("workspace_id") @Nullable String workspaceId) {

  boolean changesNothing() {
    return name == null && description == null && scopes == null;
  }

  RoleState create(String org, String id, Instant now) {
    return new RoleState(
        org,
        id,
        name == null ? "" : name,
        description,
        scopes(List.of()),
        workspaceId,
        false,
        false,
        now,
        now,
        0);
  }

  RoleState applyTo(RoleState role, Instant now) {
    return new RoleState(
        role.orgId(),
        role.id(),
        name == null ? role.name() : name,
        description == null ? role.description() : description,
        scopes(role.scopes()),
        role.workspaceId(),
        false,
        false,
        role.createdAt(),
        now,
        0);
  }

  private List<String> scopes(List<String> otherwise) {
    new Violations().list(scopes, "/scopes", Integer.MAX_VALUE).throwIfAny();
    return scopes == null ? otherwise : scopes.stream().distinct().toList();
  }
}
