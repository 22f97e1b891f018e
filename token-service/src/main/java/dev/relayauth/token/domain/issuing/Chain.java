package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.budget.EffectiveLimits;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.token.TokenBudget;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An identity after its ancestors, the topmost agent first. No descendant has, or outlives, what an
 * ancestor does not.
 *
 * @param defaults the limits of the topmost, should it have none of its own
 * @param remaining what is left of its budgets
 */
public record Chain(
    List<IdentityState> identities, @Nullable BudgetLimits defaults, Remaining remaining) {
  /** One of whose budgets nothing is known but its own limits. */
  public Chain(List<IdentityState> identities) {
    this(identities, null, Remaining.UNKNOWN);
  }

  /** Copies, and refuses an empty chain. */
  public Chain {
    identities = List.copyOf(identities);
    if (identities.isEmpty()) {
      throw new IllegalArgumentException("a chain ends in the identity itself");
    }
  }

  /** The identity itself. */
  public IdentityState self() {
    return identities.getLast();
  }

  /** This chain when each of it is active, otherwise why not. */
  public Outcome<Chain> active(Instant now) {
    for (IdentityState identity : identities) {
      Optional<Refusal> refusal = refuse(identity, now);
      if (refusal.isPresent()) {
        return Outcome.refuse(refusal.get());
      }
    }
    return Outcome.of(this);
  }

  private Optional<Refusal> refuse(IdentityState identity, Instant now) {
    String who = identity == self() ? "the identity" : "its ancestor " + identity.id();
    boolean over = identity.expiresAt() != null && !now.isBefore(identity.expiresAt());
    return switch (identity.status()) {
      case active ->
          over
              ? refusal(ErrorCode.IDENTITY_RETIRED, who + " has reached its end")
              : Optional.empty();
      case suspended -> refusal(ErrorCode.IDENTITY_SUSPENDED, who + " is suspended");
      case retired -> refusal(ErrorCode.IDENTITY_RETIRED, who + " is retired");
      case deleted ->
          identity == self()
              ? refusal(ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity")
              : refusal(ErrorCode.IDENTITY_RETIRED, who + " is deleted");
    };
  }

  private static Optional<Refusal> refusal(ErrorCode code, String detail) {
    return Optional.of(Refusal.of(code, detail));
  }

  /** When the first of the chain ends. */
  public Optional<Instant> endsAt() {
    return identities.stream()
        .flatMap(identity -> Optional.ofNullable(identity.expiresAt()).stream())
        .min(Comparator.naturalOrder());
  }

  /** The same, of which that much is left. */
  public Chain with(Remaining left) {
    return new Chain(identities, defaults, left);
  }

  /** Whether its own limits, an ancestor's or the defaults bind it. */
  public boolean isLimited() {
    return limits() != null;
  }

  /** What a token tells its bearer is left, as far as that is known. */
  public @Nullable BigDecimal left() {
    BudgetLimits limits = limits();
    return limits == null ? null : remaining.of(limits.maxActionsPerHour(), limits.maxCostPerDay());
  }

  /** What a token tells: the least limits of the identity's and its ancestors', and that much. */
  public @Nullable TokenBudget budget(@Nullable BigDecimal left) {
    BudgetLimits limits = limits();
    return limits == null
        ? null
        : new TokenBudget(limits.maxActionsPerHour(), limits.maxCostPerDay(), left);
  }

  private @Nullable BudgetLimits limits() {
    return EffectiveLimits.of(
        identities.stream().map(this::limits).filter(Objects::nonNull).toList());
  }

  private @Nullable BudgetLimits limits(IdentityState identity) {
    BudgetLimits own = identity.budget();
    return identity == identities.getFirst() && EffectiveLimits.isNone(own) ? defaults : own;
  }
}
