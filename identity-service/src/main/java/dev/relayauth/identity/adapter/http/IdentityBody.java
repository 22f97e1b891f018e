package dev.relayauth.identity.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.budget.BudgetRules;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.adapter.postgres.IdentityDraft;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a client may say of an identity that it creates. */
public record IdentityBody(
    @Nullable String name,
    IdentityState.@Nullable Type type,
    @JsonAlias("sponsor_id") @Nullable String sponsorId,
    @JsonAlias("workspace_id") @Nullable String workspaceId,
    @JsonAlias("org_id") @Nullable String orgId,
    @Nullable List<String> scopes,
    @Nullable List<String> roles,
    @Nullable Map<String, String> metadata,
    @Nullable BudgetLimits budget,
    @JsonAlias("expires_at") @Nullable Instant expiresAt) {
  private static final int MAX_ROLES = 50;

  /** The draft; {@code parent} stands in for the sponsor of a sub-agent. */
  IdentityDraft draft(@Nullable String parent, Instant now) {
    String sponsor = parent == null ? sponsorId : parent;
    violations(sponsor, now).throwIfAny();
    return new IdentityDraft(
        Objects.requireNonNull(name),
        type == null ? IdentityState.Type.agent : type,
        Objects.requireNonNull(sponsor),
        workspaceId,
        scopes,
        roles == null ? List.of() : roles.stream().distinct().toList(),
        metadata == null ? Map.of() : metadata,
        budget,
        expiresAt);
  }

  private Violations violations(@Nullable String sponsor, Instant now) {
    return budget(
        Bodies.end(new Violations(), expiresAt, now)
            .text(name, "/name")
            .check(sponsor != null && !sponsor.isBlank(), "/sponsorId", "is required")
            .list(scopes, "/scopes", ScopeSet.MAX_SIZE)
            .list(roles, "/roles", MAX_ROLES)
            .metadata(metadata, "/metadata"),
        budget);
  }

  static Violations budget(Violations violations, @Nullable BudgetLimits budget) {
    if (budget == null) {
      return violations;
    }
    BudgetRules.check(budget, "/budget", (where, detail) -> violations.check(false, where, detail));
    return violations;
  }
}
