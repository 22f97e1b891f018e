package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An identity that somebody wants to create.
 *
 * @param scopes null when none were named: then its issuers name them
 */
public record IdentityDraft(
    String name,
    IdentityState.Type type,
    String sponsorId,
    @Nullable String workspaceId,
    @Nullable List<String> scopes,
    List<String> roles,
    Map<String, String> metadata,
    @Nullable BudgetLimits budget,
    @Nullable Instant expiresAt) {}
