package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.http.Cursor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A policy as clients see it. */
record PolicyView(
    String id,
    String orgId,
    String name,
    @Nullable String description,
    String effect,
    List<String> scopes,
    List<PolicyState.Condition> conditions,
    List<Map<String, String>> obligations,
    int priority,
    @Nullable String workspaceId,
    @Nullable String identityId,
    Instant createdAt,
    Instant updatedAt) {

  static PolicyView of(PolicyState policy) {
    return new PolicyView(
        policy.id(),
        policy.orgId(),
        policy.name(),
        policy.description(),
        policy.effect().name(),
        policy.scopes(),
        policy.conditions(),
        policy.obligations(),
        policy.priority(),
        policy.workspaceId(),
        policy.identityId(),
        policy.createdAt(),
        policy.updatedAt());
  }

  static Cursor place(PolicyState policy) {
    return new Cursor(policy.createdAt(), policy.id());
  }
}
