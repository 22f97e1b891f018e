package dev.relayauth.policy.domain.budget;

import dev.relayauth.common.event.BudgetLimits;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** What all caps of a budget have in common. */
record Terms(boolean shadow, BigDecimal alertShare, boolean suspends, String currency) {
  private static final BigDecimal DEFAULT_SHARE = new BigDecimal("0.8");

  static Terms of(BudgetLimits limits) {
    return new Terms(
        limits.mode() == BudgetLimits.Mode.shadow,
        limits.alertThreshold() == null ? DEFAULT_SHARE : limits.alertThreshold(),
        Boolean.TRUE.equals(limits.autoSuspend()),
        limits.effectiveCurrency());
  }

  /** At least one, so that an unused budget raises no alert. */
  long alertAt(long limit) {
    if (limit >= Cap.NO_LIMIT) {
      return Long.MAX_VALUE;
    }
    BigDecimal share = alertShare.multiply(BigDecimal.valueOf(limit));
    return Math.max(1, share.setScale(0, RoundingMode.CEILING).longValueExact());
  }
}
