package dev.relayauth.common.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A role in full. */
public record RoleState(
    String orgId,
    String id,
    String name,
    @Nullable String description,
    List<String> scopes,
    @Nullable String workspaceId,
    boolean builtIn,
    boolean deleted,
    Instant createdAt,
    Instant updatedAt,
    long revision) {

  /** Copies the scopes. */
  public RoleState {
    scopes = List.copyOf(scopes);
  }
}
