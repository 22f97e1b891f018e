package dev.relayauth.sdk;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Limits of an identity.
 *
 * @param maxCostPerDay in major units of the currency
 * @param alertThreshold the share of a limit at which an alert goes out, 0 to 1
 * @param autoSuspend whether the first refusal suspends the identity
 */
public record Budget(
    @Nullable Long maxActionsPerHour,
    @Nullable BigDecimal maxCostPerDay,
    @Nullable BigDecimal alertThreshold,
    @Nullable Boolean autoSuspend) {

  /** No limits yet. */
  public static Budget unlimited() {
    return new Budget(null, null, null, null);
  }

  /** With a limit on allowed actions an hour. */
  public Budget actionsPerHour(long limit) {
    return new Budget(limit, maxCostPerDay, alertThreshold, autoSuspend);
  }

  /** With a limit on what may be spent a day. */
  public Budget costPerDay(BigDecimal limit) {
    return new Budget(maxActionsPerHour, limit, alertThreshold, autoSuspend);
  }

  /** With suspension at the first refusal. */
  public Budget suspendingWhenExceeded() {
    return new Budget(maxActionsPerHour, maxCostPerDay, alertThreshold, true);
  }
}
