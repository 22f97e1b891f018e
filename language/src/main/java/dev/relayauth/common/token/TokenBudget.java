package dev.relayauth.common.token;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The limits a token tells its bearer; the ledger decides. Amounts are major units. */
public record TokenBudget(
    @Nullable Long maxActionsPerHour,
    @Nullable BigDecimal maxCostPerDay,
    @Nullable BigDecimal remaining) {}
