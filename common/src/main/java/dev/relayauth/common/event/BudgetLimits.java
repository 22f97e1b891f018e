package dev.relayauth.common.event;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The caps on an identity.
 *
 * @param maxActionsPerHour allowed decisions an hour
 * @param maxCostPerDay decimal major units a day
 * @param alertThreshold the share of a cap, 0 to 1, that raises an alert
 * @param autoSuspend whether the first refusal suspends the identity
 */
public record BudgetLimits(
    @Nullable Long maxActionsPerHour,
    @Nullable BigDecimal maxCostPerDay,
    @Nullable BigDecimal alertThreshold,
    @Nullable Boolean autoSuspend) {}
