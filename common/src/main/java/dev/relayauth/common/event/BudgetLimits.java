package dev.relayauth.common.event;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The caps of a budget. What is missing is not capped.
 *
 * @param maxActionsPerHour allowed decisions in any hour
 * @param maxCostPerDay decimal major units a day
 * @param maxCostPerMonth decimal major units a month
 * @param maxCostPerAction decimal major units at once
 * @param scopeCaps allowed decisions about some scopes
 * @param currency of all amounts, ISO 4217; USD unless said otherwise
 * @param timezone where days and months begin; UTC unless said otherwise
 * @param window how days and months pass; fixed unless said otherwise
 * @param mode whether a cap refuses; hard unless said otherwise
 * @param alertThreshold the share of a cap, 0 to 1, that raises an alert; 0.8 unless said otherwise
 * @param autoSuspend whether the first refusal suspends the identity
 */
public record BudgetLimits(
    @Nullable Long maxActionsPerHour,
    @Nullable BigDecimal maxCostPerDay,
    @Nullable BigDecimal maxCostPerMonth,
    @Nullable BigDecimal maxCostPerAction,
    @Nullable List<ScopeCap> scopeCaps,
    @Nullable String currency,
    @Nullable String timezone,
    @Nullable WindowKind window,
    @Nullable Mode mode,
    @Nullable BigDecimal alertThreshold,
    @Nullable Boolean autoSuspend) {

  /** The currency of limits that name none. */
  public static final String DEFAULT_CURRENCY = "USD";

  /** Copies the list. */
  public BudgetLimits {
    scopeCaps = scopeCaps == null ? null : List.copyOf(scopeCaps);
  }

  /** Caps on actions an hour and cost a day. */
  public BudgetLimits(
      @Nullable Long maxActionsPerHour,
      @Nullable BigDecimal maxCostPerDay,
      @Nullable BigDecimal alertThreshold,
      @Nullable Boolean autoSuspend) {
    this(
        maxActionsPerHour,
        maxCostPerDay,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        alertThreshold,
        autoSuspend);
  }

  /** The currency of all amounts, also where none is named. */
  public String effectiveCurrency() {
    return currency == null ? DEFAULT_CURRENCY : currency;
  }

  /** Whether any cap is on money. */
  public boolean capsMoney() {
    return maxCostPerDay != null || maxCostPerMonth != null || maxCostPerAction != null;
  }

  /** How days and months pass; spelled as on the wire. */
  public enum WindowKind {
    /** By the calendar. */
    fixed,
    /** The last 24 hours, the last 30 days. */
    sliding
  }

  /** Whether a cap refuses; spelled as on the wire. */
  public enum Mode {
    /** It does. */
    hard,
    /** It counts and tells, and refuses nothing. */
    shadow
  }

  /**
   * At most so many allowed decisions about a scope in a window.
   *
   * @param window such as {@code 1h}, {@code PT15M}, {@code hour} or {@code day}
   */
  public record ScopeCap(@Nullable String scope, @Nullable Long max, @Nullable String window) {}
}
