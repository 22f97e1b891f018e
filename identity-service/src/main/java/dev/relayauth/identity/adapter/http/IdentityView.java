package dev.relayauth.identity.adapter.http;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An identity as clients see it. A child without a budget shows its parent's. */
public record IdentityView(
    String id,
    String name,
    IdentityState.Type type,
    String orgId,
    @Nullable String workspaceId,
    IdentityState.Status status,
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

  /** What a client may see of it. */
  public static IdentityView of(IdentityAdministration.View view) {
    IdentityState s = view.state();
    return new IdentityView(
        s.id(),
        s.name(),
        s.type(),
        s.orgId(),
        s.workspaceId(),
        s.status(),
        s.scopes(),
        s.roles(),
        s.metadata(),
        s.sponsorId(),
        s.sponsorChain(),
        view.budget(),
        s.expiresAt(),
        s.suspendedAt(),
        s.suspendReason(),
        s.createdAt(),
        s.updatedAt());
  }
}
