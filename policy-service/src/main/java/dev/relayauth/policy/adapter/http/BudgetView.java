package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.relayauth.common.event.BudgetLimits;
import org.jspecify.annotations.Nullable;

/**
 * A budget as clients see it: its limits, again as {@code limits}, and what was used.
 *
 * @param inheritedFrom whose budget it is, when the identity has none of its own: an ancestor's id,
 *     or {@code defaults}
 */
public record BudgetView(
    @Nullable String identityId,
    @Nullable String ownerKind,
    @Nullable String ownerId,
    @JsonUnwrapped BudgetLimits members,
    BudgetLimits limits,
    @Nullable String inheritedFrom,
    @Nullable BudgetLimits agentDefaults,
    UsageView usage) {}
