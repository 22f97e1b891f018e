package dev.relayauth.audit.domain.activity;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The authority on what was used of budgets. */
@FunctionalInterface
public interface BudgetLedger {
  /**
   * What an agent has used.
   *
   * @param actionsThisHour of its own budget; null when that doesn't count them
   * @param costToday of its own budget, in major units; null when that doesn't count it
   * @param percentOfBudget of the cap that is nearest to its limit, its own or inherited
   */
  record Used(
      @Nullable Long actionsThisHour, @Nullable BigDecimal costToday, BigDecimal percentOfBudget) {}

  /** What it says; empty when it can't be asked. May block. */
  Optional<Used> used(String org, String identityId);
}
