package dev.relayauth.policy.domain.budget;

import dev.relayauth.common.budget.BudgetRules;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decimal major units, as clients write amounts, and the ledger's integer units. */
public final class Amounts {
  /** Decimals of an amount: the ledger's unit is a ten-thousandth of a major unit. */
  public static final int SCALE = BudgetRules.SCALE;

  private Amounts() {}

  /** The ledger's units of an amount; empty when it is negative, too large or too fine. */
  public static Optional<Long> units(BigDecimal major) {
    return BudgetRules.isAmount(major)
        ? Optional.of(major.movePointRight(SCALE).longValueExact())
        : Optional.empty();
  }

  /**
   * The same for what a client sent as a number above zero; empty for anything else.
   *
   * @param currency null while it isn't known: then the decimals are not looked at
   */
  public static Optional<Long> positive(Object sent, @Nullable String currency) {
    try {
      return sent instanceof Number number
          ? units(new BigDecimal(number.toString()))
              .filter(units -> units > 0 && (currency == null || isWhole(units, currency)))
          : Optional.empty();
    } catch (NumberFormatException e) {
      // Not finite.
      return Optional.empty();
    }
  }

  /** Whether units of the ledger are whole minor units of a currency. */
  public static boolean isWhole(long units, String currency) {
    return BudgetRules.isWhole(major(units), currency);
  }

  /** The amount in major units. */
  public static BigDecimal major(long units) {
    BigDecimal amount = BigDecimal.valueOf(units, SCALE).stripTrailingZeros();
    return amount.scale() < 0 ? amount.setScale(0) : amount;
  }
}
