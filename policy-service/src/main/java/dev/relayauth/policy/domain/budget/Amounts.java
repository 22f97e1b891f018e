package dev.relayauth.policy.domain.budget;

import java.math.BigDecimal;
import java.util.Optional;

/** Decimal major units, as clients write amounts, and the ledger's integer units. */
public final class Amounts {
  /** Decimals of an amount: the ledger's unit is a ten-thousandth of a major unit. */
  public static final int SCALE = 4;

  /** The largest amount, in major units. */
  public static final BigDecimal MAX = BigDecimal.valueOf(1_000_000_000_000L);

  private Amounts() {}

  /** The ledger's units of an amount; empty when it is negative, too large or too fine. */
  public static Optional<Long> units(BigDecimal major) {
    boolean representable =
        major.signum() >= 0
            && major.scale() <= 64
            && major.precision() - (long) major.scale() <= 13
            && major.compareTo(MAX) <= 0
            && major.stripTrailingZeros().scale() <= SCALE;
    return representable
        ? Optional.of(major.movePointRight(SCALE).longValueExact())
        : Optional.empty();
  }

  /** The amount in major units. */
  public static BigDecimal major(long units) {
    BigDecimal amount = BigDecimal.valueOf(units, SCALE).stripTrailingZeros();
    return amount.scale() < 0 ? amount.setScale(0) : amount;
  }
}
