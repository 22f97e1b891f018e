package dev.relayauth.policy.adapter.budget;

import dev.relayauth.policy.domain.budget.Amounts;
import dev.relayauth.policy.domain.budget.Cap;

/** Amounts as people read them. */
final class BudgetTexts {
  private BudgetTexts() {}

  /** Major units of money, or a number of actions. */
  static String amount(Cap cap, long amount) {
    return switch (cap.unit()) {
      case MONEY -> Amounts.major(amount).toPlainString();
      case ACTIONS -> Long.toString(amount);
    };
  }
}
