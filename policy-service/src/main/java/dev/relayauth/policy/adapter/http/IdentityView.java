package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An identity as clients see it. */
record IdentityView(
    String id,
    String name,
    String type,
    String orgId,
    @Nullable String workspaceId,
    String status,
    List<String> scopes,
    List<String> roles,
    Map<String, String> metadata,
    String sponsorId,
    List<String> sponsorChain,
    @Nullable BudgetLimits budget,
    @Nullable Instant expiresAt,
    @Nullable Instant suspendedAt,
    @Nullable String suspendReason,
    Instant createdAt,
    Instant updatedAt) {

  static IdentityView of(IdentityState state) {
    return new IdentityView(
        state.id(),
        state.name(),
        state.type().name(),
        state.orgId(),
        state.workspaceId(),
        state.status().name(),
        state.scopes(),
        state.roles(),
        state.metadata(),
        state.sponsorId(),
        state.sponsorChain(),
        state.budget(),
        state.expiresAt(),
        state.suspendedAt(),
        state.suspendReason(),
        state.createdAt(),
        state.updatedAt());
  }
}
