package dev.relayauth.identity.domain.attenuation;

import dev.relayauth.common.budget.BudgetRules;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetLimits.ScopeCap;
import dev.relayauth.common.grant.EffectiveGrants;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a grant must stay within: what the caller holds, and what the parent holds. */
public final class Attenuation {
  /** The longest chain of identities under a human. */
  public static final int MAX_DEPTH = 10;

  private Attenuation() {}

  /** The first of {@code given} that the caller or the parent doesn't hold. */
  public static Optional<Scope> firstEscalation(
      ScopeSet given, ScopeSet caller, @Nullable EffectiveGrants parent) {
    Optional<Scope> beyondCaller = caller.firstNotCovered(given);
    if (beyondCaller.isPresent() || parent == null) {
      return beyondCaller;
    }
    return parentScopes(parent).firstNotCovered(given);
  }

  /** A parent without standing grants has nothing that it could hand on for good. */
  private static ScopeSet parentScopes(EffectiveGrants parent) {
    return parent.issuerNamed() ? ScopeSet.empty() : parent.scopes();
  }

  /**
   * The name of the child's first member that is more than the parent's, or of its currency when
   * that is another; a cap that the child lacks is the parent's. A cap on a scope is more when the
   * parent has one on all of that scope, in a window that is no shorter, of fewer decisions.
   */
  public static Optional<String> firstBeyond(
      @Nullable BudgetLimits child, @Nullable BudgetLimits parent) {
    if (child == null || parent == null) {
      return Optional.empty();
    }
    if ((child.capsMoney() || child.currency() != null)
        && parent.capsMoney()
        && !child.effectiveCurrency().equals(parent.effectiveCurrency())) {
      return Optional.of("currency");
    }
    if (!isWithin(child.maxActionsPerHour(), parent.maxActionsPerHour())) {
      return Optional.of("maxActionsPerHour");
    }
    if (!isWithin(child.maxCostPerDay(), parent.maxCostPerDay())) {
      return Optional.of("maxCostPerDay");
    }
    if (!isWithin(child.maxCostPerMonth(), parent.maxCostPerMonth())) {
      return Optional.of("maxCostPerMonth");
    }
    return isWithin(child.maxCostPerAction(), parent.maxCostPerAction())
        ? firstBeyond(scopeCaps(child), scopeCaps(parent))
        : Optional.of("maxCostPerAction");
  }

  private static List<ScopeCap> scopeCaps(BudgetLimits limits) {
    return limits.scopeCaps() == null ? List.of() : limits.scopeCaps();
  }

  private static Optional<String> firstBeyond(List<ScopeCap> child, List<ScopeCap> parent) {
    for (int at = 0; at < child.size(); at++) {
      ScopeCap cap = child.get(at);
      if (parent.stream().anyMatch(above -> isBeyond(cap, above))) {
        return Optional.of("scopeCaps/" + at + "/max");
      }
    }
    return Optional.empty();
  }

  private static boolean isBeyond(ScopeCap child, ScopeCap parent) {
    return !isWithin(child.max(), parent.max())
        && window(child).compareTo(window(parent)) <= 0
        && scope(parent).covers(scope(child));
  }

  private static Duration window(ScopeCap cap) {
    return BudgetRules.window(String.valueOf(cap.window())).orElse(Duration.ZERO);
  }

  private static Scope scope(ScopeCap cap) {
    return Scope.parse(String.valueOf(cap.scope()));
  }

  /** Whether the child ends no later than its parent; without an end of its own it does. */
  public static boolean isWithin(@Nullable Instant child, @Nullable Instant parent) {
    return parent == null || child == null || !child.isAfter(parent);
  }

  private static boolean isWithin(@Nullable Long child, @Nullable Long parent) {
    return parent == null || child == null || child <= parent;
  }

  private static boolean isWithin(@Nullable BigDecimal child, @Nullable BigDecimal parent) {
    return parent == null || child == null || child.compareTo(parent) <= 0;
  }
}
