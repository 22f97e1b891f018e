package dev.relayauth.audit.domain.activity;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * What an agent has used of its budget.
 *
 * @param percentOfBudget of the cap it is nearest to; 0 without caps
 */
public record BudgetUsage(long actionsThisHour, BigDecimal costToday, BigDecimal percentOfBudget) {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** The usage under some caps. */
  public static BudgetUsage of(Usage usage, Agent.@Nullable Caps caps) {
    BigDecimal percent = BigDecimal.ZERO;
    if (caps != null && caps.actionsPerHour() != null) {
      BigDecimal actions = BigDecimal.valueOf(usage.actionsThisHour());
      percent = percent.max(percent(actions, BigDecimal.valueOf(caps.actionsPerHour())));
    }
    if (caps != null && caps.costPerDay() != null) {
      percent = percent.max(percent(usage.costToday(), caps.costPerDay()));
    }
    return new BudgetUsage(usage.actionsThisHour(), usage.costToday(), percent);
  }

  /** The same with what the ledger says. */
  BudgetUsage corrected(BudgetLedger.Used used) {
    return new BudgetUsage(
        used.actionsThisHour() == null ? actionsThisHour : used.actionsThisHour(),
        used.costToday() == null ? costToday : used.costToday(),
        used.percentOfBudget());
  }

  private static BigDecimal percent(BigDecimal used, BigDecimal cap) {
    if (cap.signum() <= 0) {
      return used.signum() > 0 ? HUNDRED : BigDecimal.ZERO;
    }
    return used.multiply(HUNDRED).divide(cap, 1, RoundingMode.HALF_UP);
  }
}
