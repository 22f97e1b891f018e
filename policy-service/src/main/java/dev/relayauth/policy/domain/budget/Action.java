package dev.relayauth.policy.domain.budget;

import dev.relayauth.common.scope.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Something that takes of budgets.
 *
 * @param scopeOrNull null when it is about money alone
 * @param cost the ledger's units of money; 0 when it costs nothing
 * @param currency of the cost; null means the budget's
 */
public record Action(@Nullable Scope scopeOrNull, long cost, @Nullable String currency) {
  /** Money without an action. */
  public static Action money(long cost, @Nullable String currency) {
    return new Action(null, cost, currency);
  }

  /** Whether it counts as an action. */
  boolean counts() {
    return scopeOrNull != null;
  }

  /** The scope of an action that counts. */
  Scope scope() {
    if (scopeOrNull == null) {
      throw new IllegalStateException("money has no scope");
    }
    return scopeOrNull;
  }
}
