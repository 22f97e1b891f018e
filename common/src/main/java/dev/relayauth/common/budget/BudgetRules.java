package dev.relayauth.common.budget;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetLimits.ScopeCap;
import dev.relayauth.common.json.Lifetime;
import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.Scope;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What a budget may be. Tells the pointer and the fault of whatever is wrong. */
public final class BudgetRules {
  /** Decimals of an amount; the ledger counts in units of its last one. */
  public static final int SCALE = 4;

  /** The largest amount, in major units. */
  public static final BigDecimal MAX_AMOUNT = BigDecimal.valueOf(1_000_000_000_000L);

  /** The most caps on scopes in one budget. */
  public static final int MAX_SCOPE_CAPS = 20;

  private static final long MAX_ACTIONS = 1_000_000_000_000L;
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(31);
  private static final Map<String, Duration> NAMED =
      Map.of(
          "minute", Duration.ofMinutes(1),
          "hour", Duration.ofHours(1),
          "day", Duration.ofDays(1),
          "week", Duration.ofDays(7));

  private BudgetRules() {}

  /** Checks a budget. */
  public static void check(
      BudgetLimits limits, String pointer, BiConsumer<String, String> violations) {
    checkCount(limits.maxActionsPerHour(), pointer + "/maxActionsPerHour", violations);
    String currency = limits.effectiveCurrency();
    checkAmount(limits.maxCostPerDay(), currency, pointer + "/maxCostPerDay", violations);
    checkAmount(limits.maxCostPerMonth(), currency, pointer + "/maxCostPerMonth", violations);
    checkAmount(limits.maxCostPerAction(), currency, pointer + "/maxCostPerAction", violations);
    BigDecimal share = limits.alertThreshold();
    if (share != null && (share.signum() < 0 || share.compareTo(BigDecimal.ONE) > 0)) {
      violations.accept(pointer + "/alertThreshold", "must be between 0 and 1");
    }
    if (limits.currency() != null && !isCurrency(limits.currency())) {
      violations.accept(pointer + "/currency", "is not an ISO 4217 code such as USD");
    }
    if (limits.timezone() != null && !isZone(limits.timezone())) {
      violations.accept(pointer + "/timezone", "is not a time zone such as Europe/Oslo");
    }
    checkCaps(limits.scopeCaps(), pointer + "/scopeCaps", violations);
  }

  private static void checkCaps(
      @Nullable List<ScopeCap> caps, String pointer, BiConsumer<String, String> violations) {
    if (caps == null) {
      return;
    }
    if (caps.size() > MAX_SCOPE_CAPS) {
      violations.accept(pointer, "may have " + MAX_SCOPE_CAPS + " items at most");
    }
    for (int at = 0; at < caps.size(); at++) {
      ScopeCap cap = caps.get(at);
      String item = pointer + "/" + at;
      if (cap.scope() == null || !isScope(cap.scope())) {
        violations.accept(item + "/scope", "is not a scope");
      }
      if (cap.max() == null) {
        violations.accept(item + "/max", "is required");
      }
      checkCount(cap.max(), item + "/max", violations);
      if (cap.window() == null || window(cap.window()).isEmpty()) {
        violations.accept(item + "/window", "is not a duration of 1 minute to 31 days");
      }
    }
  }

  private static void checkCount(
      @Nullable Long count, String pointer, BiConsumer<String, String> violations) {
    if (count != null && (count < 0 || count > MAX_ACTIONS)) {
      violations.accept(pointer, "must be 0 to 1e12");
    }
  }

  private static void checkAmount(
      @Nullable BigDecimal amount,
      String currency,
      String pointer,
      BiConsumer<String, String> violations) {
    if (amount != null && !(isAmount(amount) && isWhole(amount, currency))) {
      violations.accept(pointer, "must be 0 to 1e12 in whole minor units of the currency");
    }
  }

  /** Whether an amount has no more decimals than the currency has, as far as the ledger counts. */
  public static boolean isWhole(BigDecimal amount, String currency) {
    int decimals =
        isCurrency(currency) ? Currency.getInstance(currency).getDefaultFractionDigits() : SCALE;
    return amount.stripTrailingZeros().scale() <= (decimals < 0 ? SCALE : decimals);
  }

  /** Whether it is 0 to 1e12 and has no more decimals than the ledger. */
  public static boolean isAmount(BigDecimal amount) {
    return amount.signum() >= 0
        && amount.scale() <= 64
        && amount.precision() - (long) amount.scale() <= 13
        && amount.compareTo(MAX_AMOUNT) <= 0
        && amount.stripTrailingZeros().scale() <= SCALE;
  }

  /** Whether it is the code of a currency. */
  public static boolean isCurrency(String code) {
    try {
      return Currency.getInstance(code).getCurrencyCode().equals(code);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The length of the window of a cap on a scope; empty when the text is none. */
  public static Optional<Duration> window(String text) {
    return Optional.ofNullable(NAMED.get(text))
        .or(() -> Lifetime.parse(text).map(Lifetime::duration))
        .filter(length -> length.compareTo(SHORTEST) >= 0 && length.compareTo(LONGEST) <= 0);
  }

  private static boolean isZone(String text) {
    try {
      return text.length() <= 64 && !ZoneId.of(text).getId().isEmpty();
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isScope(String text) {
    try {
      return !Scope.parse(text).raw().isEmpty();
    } catch (InvalidScopeException e) {
      return false;
    }
  }
}
