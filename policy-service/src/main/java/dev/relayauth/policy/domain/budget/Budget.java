package dev.relayauth.policy.domain.budget;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetLimits.ScopeCap;
import dev.relayauth.common.scope.Scope;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The budget of one owner, read once.
 *
 * @param maxCostPerAction the ledger's units; {@link Cap#NO_LIMIT} without that cap
 */
public record Budget(
    Owner owner, BudgetLimits limits, List<Cap> caps, long maxCostPerAction, String currency) {
  /** The currency of a budget that names none. */
  public static final String DEFAULT_CURRENCY = BudgetLimits.DEFAULT_CURRENCY;

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MONTH = Duration.ofDays(30);

  /** Copies the caps. */
  public Budget {
    caps = List.copyOf(caps);
  }

  /**
   * Reads limits that have been checked.
   *
   * @param length reads the window of a cap on a scope
   */
  public static Budget of(Owner owner, BudgetLimits limits, Function<String, Duration> length) {
    Terms terms = Terms.of(limits);
    List<Cap> caps = new ArrayList<>();
    Long actions = limits.maxActionsPerHour();
    if (actions != null) {
      Window hour = new Window.Sliding(HOUR);
      caps.add(Cap.of(owner, "actions", Cap.Unit.ACTIONS, actions, hour, terms));
    }
    money(caps, owner, "cost-day", limits.maxCostPerDay(), day(limits), terms);
    money(caps, owner, "cost-month", limits.maxCostPerMonth(), month(limits), terms);
    for (ScopeCap cap : limits.scopeCaps() == null ? List.<ScopeCap>of() : limits.scopeCaps()) {
      caps.add(scoped(owner, cap, length, terms));
    }
    BigDecimal single = limits.maxCostPerAction();
    long most = single == null ? Cap.NO_LIMIT : Amounts.units(single).orElse(Cap.NO_LIMIT);
    return new Budget(owner, limits, distinct(caps), most, terms.currency());
  }

  /** Each counter once: of two caps on the same, the lower one. */
  private static List<Cap> distinct(List<Cap> caps) {
    Map<String, Cap> byKey = new LinkedHashMap<>();
    caps.forEach(
        cap ->
            byKey.merge(
                cap.key(), cap, (one, other) -> one.limit() <= other.limit() ? one : other));
    return List.copyOf(byKey.values());
  }

  /** Whether it caps money. */
  public boolean capsMoney() {
    return maxCostPerAction < Cap.NO_LIMIT
        || caps.stream()
            .anyMatch(cap -> cap.unit() == Cap.Unit.MONEY && cap.limit() < Cap.NO_LIMIT);
  }

  /** The budget of an identity that has none: it counts money and refuses nothing. */
  public static Budget tracking(String identityId, String currency) {
    BudgetLimits none =
        new BudgetLimits(
            null, null, null, null, null, currency, null, null, null, BigDecimal.ONE, null);
    Budget bare = of(Owner.identity(identityId), none, text -> HOUR);
    return bare.tracked();
  }

  /** The same, counting money by the day even where nothing caps it. */
  public Budget tracked() {
    boolean counted = caps.stream().anyMatch(cap -> cap.meter().equals("cost-day"));
    if (counted) {
      return this;
    }
    List<Cap> more = new ArrayList<>(caps);
    more.add(
        Cap.of(owner, "cost-day", Cap.Unit.MONEY, Cap.NO_LIMIT, day(limits), Terms.of(limits)));
    return new Budget(owner, limits, more, maxCostPerAction, currency);
  }

  /** The cap on one amount, as refusals name it. */
  public Cap singleCap() {
    return Cap.of(
        owner,
        "cost-action",
        Cap.Unit.MONEY,
        maxCostPerAction,
        new Window.Calendar(ChronoUnit.DAYS, zone(limits)),
        Terms.of(limits));
  }

  private static void money(
      List<Cap> caps,
      Owner owner,
      String meter,
      @Nullable BigDecimal major,
      Window window,
      Terms terms) {
    if (major != null) {
      long limit = Amounts.units(major).orElse(Cap.NO_LIMIT);
      caps.add(Cap.of(owner, meter, Cap.Unit.MONEY, limit, window, terms));
    }
  }

  private static Cap scoped(
      Owner owner, ScopeCap cap, Function<String, Duration> length, Terms terms) {
    Scope scope = Scope.parse(String.valueOf(cap.scope()));
    Duration window = length.apply(String.valueOf(cap.window()));
    long max = cap.max() == null ? 0 : cap.max();
    String meter = "scope-" + window.toSeconds() + "-" + scope.raw();
    return Cap.of(owner, meter, Cap.Unit.ACTIONS, max, new Window.Sliding(window), terms)
        .about(scope);
  }

  private static Window day(BudgetLimits limits) {
    return isSliding(limits)
        ? new Window.Sliding(DAY)
        : new Window.Calendar(ChronoUnit.DAYS, zone(limits));
  }

  private static Window month(BudgetLimits limits) {
    return isSliding(limits)
        ? new Window.Sliding(MONTH)
        : new Window.Calendar(ChronoUnit.MONTHS, zone(limits));
  }

  private static boolean isSliding(BudgetLimits limits) {
    return limits.window() == BudgetLimits.WindowKind.sliding;
  }

  private static ZoneId zone(BudgetLimits limits) {
    return limits.timezone() == null ? ZoneOffset.UTC : ZoneId.of(limits.timezone());
  }
}
