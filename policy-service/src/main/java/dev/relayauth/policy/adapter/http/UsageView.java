package dev.relayauth.policy.adapter.http;

import dev.relayauth.policy.domain.budget.Amounts;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Ledger.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was used of a budget, money in major units: spent, or set aside for a reservation. What
 * replicas have on lease is ready to be used, and part of what remains.
 *
 * @param actionsThisHour missing, as the other sums are, when the budget doesn't count them
 * @param reserved money that is set aside and not spent
 * @param percentOfBudget of the cap that is nearest to its limit
 * @param remaining money that is left of the tightest cap; missing when money isn't capped
 */
public record UsageView(
    @Nullable BigDecimal actionsThisHour,
    @Nullable BigDecimal costToday,
    @Nullable BigDecimal costThisMonth,
    BigDecimal reserved,
    BigDecimal percentOfBudget,
    @Nullable BigDecimal remaining,
    @Nullable Long remainingActions,
    List<Meter> meters) {
  private static final Usage NONE = new Usage(0, 0);

  /**
   * One cap.
   *
   * @param leased what replicas have at hand of what remains
   */
  public record Meter(
      String meter, BigDecimal limit, BigDecimal used, BigDecimal remaining, BigDecimal leased) {}

  static UsageView of(List<Cap> caps, Map<String, Usage> usage) {
    long held = 0;
    BigDecimal percent = BigDecimal.ZERO;
    BigDecimal money = null;
    Long actions = null;
    List<Meter> meters = new ArrayList<>();
    for (Cap cap : caps) {
      if (cap.limit() >= Cap.NO_LIMIT) {
        continue;
      }
      Usage counted = usage.getOrDefault(cap.key(), NONE);
      long used = counted.used();
      long left = Math.max(0, cap.limit() - used);
      percent = percent.max(percent(used, cap.limit()));
      meters.add(
          new Meter(
              cap.meter(),
              amount(cap, cap.limit()),
              amount(cap, used),
              amount(cap, left),
              amount(cap, counted.leased())));
      if (cap.unit() == Cap.Unit.MONEY) {
        held = Math.max(held, counted.held() - counted.leased());
        money = money == null ? Amounts.major(left) : money.min(Amounts.major(left));
      } else if (cap.scope() == null) {
        actions = left;
      }
    }
    return new UsageView(
        used(caps, usage, "actions"),
        used(caps, usage, "cost-day"),
        used(caps, usage, "cost-month"),
        Amounts.major(held),
        percent,
        money,
        actions,
        meters);
  }

  private static @Nullable BigDecimal used(List<Cap> caps, Map<String, Usage> usage, String meter) {
    for (Cap cap : caps) {
      if (cap.meter().equals(meter)) {
        return amount(cap, usage.getOrDefault(cap.key(), NONE).used());
      }
    }
    return null;
  }

  private static BigDecimal amount(Cap cap, long amount) {
    return switch (cap.unit()) {
      case MONEY -> Amounts.major(amount);
      case ACTIONS -> BigDecimal.valueOf(amount);
    };
  }

  private static BigDecimal percent(long used, long limit) {
    return limit == 0
        ? BigDecimal.valueOf(used > 0 ? 100 : 0)
        : BigDecimal.valueOf(used)
            .multiply(BigDecimal.valueOf(100))
            .divide(BigDecimal.valueOf(limit), 1, RoundingMode.HALF_UP);
  }
}
