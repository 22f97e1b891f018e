package dev.relayauth.common.budget;

import dev.relayauth.common.event.BudgetLimits;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What binds an identity after the limits of all above it. */
public final class EffectiveLimits {
  private static final BudgetLimits NONE = new BudgetLimits(null, null, null, null);

  private EffectiveLimits() {}

  /** Whether limits say nothing at all, as if there were none. */
  public static boolean isNone(@Nullable BudgetLimits limits) {
    return limits == null || NONE.equals(withoutEmptyCaps(limits));
  }

  private static BudgetLimits withoutEmptyCaps(BudgetLimits limits) {
    return limits.scopeCaps() == null || !limits.scopeCaps().isEmpty()
        ? limits
        : new BudgetLimits(
            limits.maxActionsPerHour(),
            limits.maxCostPerDay(),
            limits.maxCostPerMonth(),
            limits.maxCostPerAction(),
            null,
            limits.currency(),
            limits.timezone(),
            limits.window(),
            limits.mode(),
            limits.alertThreshold(),
            limits.autoSuspend());
  }

  /**
   * The limits of the last of a chain that has any, each no more than what the hard limits above it
   * allow; null when nobody has limits.
   *
   * @param chain the topmost first
   */
  public static @Nullable BudgetLimits of(List<BudgetLimits> chain) {
    BudgetLimits bound = null;
    for (BudgetLimits limits : chain.reversed()) {
      if (isNone(limits)) {
        continue;
      }
      if (bound == null) {
        bound = limits;
      } else if (limits.mode() != BudgetLimits.Mode.shadow) {
        bound = lower(bound, limits);
      }
    }
    return bound;
  }

  private static BudgetLimits lower(BudgetLimits own, BudgetLimits above) {
    boolean bare = !own.capsMoney();
    boolean money =
        bare || !above.capsMoney() || own.effectiveCurrency().equals(above.effectiveCurrency());
    return new BudgetLimits(
        min(own.maxActionsPerHour(), above.maxActionsPerHour()),
        money ? min(own.maxCostPerDay(), above.maxCostPerDay()) : own.maxCostPerDay(),
        money ? min(own.maxCostPerMonth(), above.maxCostPerMonth()) : own.maxCostPerMonth(),
        money ? min(own.maxCostPerAction(), above.maxCostPerAction()) : own.maxCostPerAction(),
        own.scopeCaps(),
        bare && above.capsMoney() ? above.currency() : own.currency(),
        own.timezone(),
        own.window(),
        own.mode(),
        own.alertThreshold(),
        own.autoSuspend());
  }

  private static @Nullable Long min(@Nullable Long one, @Nullable Long other) {
    if (one == null) {
      return other;
    }
    return other == null ? one : Long.valueOf(Math.min(one, other));
  }

  private static @Nullable BigDecimal min(@Nullable BigDecimal one, @Nullable BigDecimal other) {
    if (one == null) {
      return other;
    }
    return other == null ? one : one.min(other);
  }
}
