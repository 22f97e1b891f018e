package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.http.Cursor;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A role as clients see it. */
record RoleView(
    String id,
    String orgId,
    String name,
    @Nullable String description,
    List<String> scopes,
    @Nullable String workspaceId,
    boolean builtIn,
    Instant createdAt,
    Instant updatedAt) {

  static RoleView of(RoleState role) {
    return new RoleView(
        role.id(),
        role.orgId(),
        role.name(),
        role.description(),
        role.scopes(),
        role.workspaceId(),
        role.builtIn(),
        role.createdAt(),
        role.updatedAt());
  }

  static Cursor place(RoleState role) {
    return new Cursor(role.createdAt(), role.id());
  }
}
