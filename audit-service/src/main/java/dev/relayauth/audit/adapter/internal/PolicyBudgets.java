package dev.relayauth.audit.adapter.internal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.relayauth.audit.domain.activity.BudgetLedger;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The ledger of the policy service. */
@Singleton
public final class PolicyBudgets implements BudgetLedger {
  private static final Logger LOG = Logger.getLogger(PolicyBudgets.class);

  private final InternalClient client;

  PolicyBudgets(InternalClient client) {
    this.client = client;
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Budget(@Nullable String inheritedFrom, Usage usage) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Usage(
      @Nullable BigDecimal actionsThisHour,
      @Nullable BigDecimal costToday,
      BigDecimal percentOfBudget) {}

  @Override
  public Optional<Used> used(String org, String identityId) {
    try {
      InternalClient.Reply reply =
          client.await(
              client.get("policy", "/internal/v1/budgets/" + org + "/" + identityId + "/budget"));
      return reply.isSuccess()
          ? Optional.of(used(Json.read(reply.body(), Budget.class)))
          : Optional.empty();
    } catch (ServiceUnavailableException e) {
      LOG.debugf("the ledger can't be asked: %s", e.getMessage());
      return Optional.empty();
    }
  }

  /** What an ancestor's budget counts is not what the agent itself has used. */
  private static Used used(Budget budget) {
    Usage usage = budget.usage;
    BigDecimal actions = usage.actionsThisHour;
    return budget.inheritedFrom == null
        ? new Used(
            actions == null ? null : actions.longValue(), usage.costToday, usage.percentOfBudget)
        : new Used(null, null, usage.percentOfBudget);
  }
}
