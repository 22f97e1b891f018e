package dev.relayauth.token.domain.issuing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What an identity had left a moment ago, of all budgets that bind it; the ledger decides.
 *
 * @param cost money in major units; null when nothing caps it, or it isn't known
 * @param actions of this hour; null when nothing caps them, or it isn't known
 */
public record Remaining(@Nullable BigDecimal cost, @Nullable Long actions) {
  /** Nothing is known. */
  public static final Remaining UNKNOWN = new Remaining(null, null);

  /**
   * The one figure that goes with those limits: money where they cap the day's cost, actions where
   * they cap those alone, otherwise whichever is capped, money first. Never more than the limit.
   */
  @Nullable BigDecimal of(@Nullable Long maxActionsPerHour, @Nullable BigDecimal maxCostPerDay) {
    if (maxCostPerDay != null) {
      return cost == null ? null : plain(cost.min(maxCostPerDay));
    }
    if (maxActionsPerHour != null) {
      return actions == null ? null : BigDecimal.valueOf(Math.min(actions, maxActionsPerHour));
    }
    if (cost != null) {
      return plain(cost);
    }
    return actions == null ? null : BigDecimal.valueOf(actions);
  }

  /** Without an exponent, as the database keeps it. */
  private static BigDecimal plain(BigDecimal amount) {
    return amount.scale() < 0 ? amount.setScale(0) : amount;
  }
}
