package dev.relayauth.policy.domain.budget;

import dev.relayauth.common.scope.Scope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One cap of one owner: at most {@code limit} in the window.
 *
 * @param meter what it counts, unique within the owner: {@code actions}, {@code cost-day}, …
 * @param limit actions, or the ledger's units of money
 * @param scope what a cap on a scope is about; null counts everything
 * @param shadow whether it counts and tells, and refuses nothing
 * @param alertAt the usage that raises an alert
 * @param suspends whether a refusal suspends
 */
public record Cap(
    Owner owner,
    String meter,
    Unit unit,
    long limit,
    Window window,
    @Nullable Scope scope,
    boolean shadow,
    long alertAt,
    boolean suspends,
    String currency,
    String key) {
  /** What is counted. */
  public enum Unit {
    ACTIONS,
    MONEY
  }

  /** A limit that refuses nothing. */
  public static final long NO_LIMIT = Long.MAX_VALUE / 4;

  /** A cap, named in the ledger by owner and meter. */
  static Cap of(Owner owner, String meter, Unit unit, long limit, Window window, Terms terms) {
    return new Cap(
        owner,
        meter,
        unit,
        limit,
        window,
        null,
        terms.shadow(),
        terms.alertAt(limit),
        terms.suspends(),
        terms.currency(),
        owner.key() + "/" + meter);
  }

  Cap about(Scope about) {
    return new Cap(
        owner, meter, unit, limit, window, about, shadow, alertAt, suspends, currency, key);
  }

  /** Whether it counts money by the day. */
  boolean isDaily() {
    return meter.equals("cost-day");
  }

  /** Whether it counts money by the month. */
  public boolean isMonthly() {
    return meter.equals("cost-month");
  }

  /** What the ledger may hand out in a window. */
  public long ceiling() {
    return shadow ? NO_LIMIT : limit;
  }

  /** What an action takes of it; empty when it is not about the action. */
  Optional<Demand> demand(Action action, String spender) {
    if (unit == Unit.MONEY) {
      return action.cost() > 0
          ? Optional.of(new Demand(this, action.cost(), spender))
          : Optional.empty();
    }
    boolean concerned = action.counts() && (scope == null || scope.covers(action.scope()));
    return concerned ? Optional.of(new Demand(this, 1, spender)) : Optional.empty();
  }
}
