package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.outbox.Transaction;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** No budget of money has one of another currency below it: neither could be spent. */
final class CurrenciesBelow {
  private static final String OTHER =
      """
      select id, coalesce(budget ->> 'currency', ?) as currency from identity
       where org_id = ? and sponsor_chain @> array[?] and id <> ?
         and status in ('active', 'suspended') and budget is not null
         and coalesce(budget ->> 'maxCostPerDay', budget ->> 'maxCostPerMonth',
                      budget ->> 'maxCostPerAction') is not null
         and coalesce(budget ->> 'currency', ?) <> ?
       order by cardinality(sponsor_chain), id limit 1
      """;

  private CurrenciesBelow() {}

  /**
   * Refuses limits that bring a currency which budgets below don't have.
   *
   * @param old the identity, locked, so that nobody is made below it meanwhile
   */
  static void requireSame(Transaction tx, IdentityState old, BudgetLimits limits, String pointer)
      throws SQLException {
    String currency = limits.effectiveCurrency();
    BudgetLimits before = old.budget();
    boolean stays =
        before != null && before.capsMoney() && before.effectiveCurrency().equals(currency);
    if (stays || !limits.capsMoney()) {
      return;
    }
    Optional<String> other =
        tx.first(
            OTHER,
            row -> "the budget of " + row.getString(1) + " below it is in " + row.getString(2),
            BudgetLimits.DEFAULT_CURRENCY,
            old.orgId(),
            old.id(),
            old.id(),
            BudgetLimits.DEFAULT_CURRENCY,
            currency);
    if (other.isPresent()) {
      throw new RefusedException(
          ErrorCode.CONFLICT,
          other.get(),
          Map.of(
              "errors", List.of(Map.of("pointer", pointer + "/currency", "detail", other.get()))));
    }
  }
}
