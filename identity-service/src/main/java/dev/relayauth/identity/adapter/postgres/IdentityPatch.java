package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.event.BudgetLimits;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a patch changes; null leaves a member as it is. Metadata is merged, a null value removes.
 */
public record IdentityPatch(
    @Nullable String name,
    @Nullable List<String> scopes,
    @Nullable List<String> roles,
    @Nullable Map<String, @Nullable String> metadata,
    @Nullable BudgetLimits budget,
    @Nullable Instant expiresAt) {}
