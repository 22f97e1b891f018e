package dev.relayauth.policy.adapter.kafka;

import dev.relayauth.common.budget.BudgetRules;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetState;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import dev.relayauth.policy.domain.budget.Budget;
import dev.relayauth.policy.domain.budget.Owner;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The budgets of organisations, workspaces and sponsors, from the policy topic. */
@Singleton
public final class BudgetProjection implements FeedHandler {
  private final Map<String, Map<String, Held>> byOrg = new ConcurrentHashMap<>();

  /**
   * A budget as decisions see it.
   *
   * @param budget of all below together; null when there are no caps
   * @param agentDefaults of each agent right under a human that has none of its own
   */
  public record Held(@Nullable Budget budget, @Nullable BudgetLimits agentDefaults) {}

  @Override
  public String topic() {
    return Topics.POLICY;
  }

  @Override
  public void apply(CloudEvent event) {
    byte[] data = event.data();
    if (!EntityKind.BUDGET.owns(event.key()) || data == null) {
      return;
    }
    BudgetState state = Json.read(data, BudgetState.class);
    Owner owner = new Owner(Owner.Kind.valueOf(state.ownerKind()), state.ownerId());
    BudgetLimits limits = state.limits();
    Held held = new Held(limits == null ? null : read(owner, limits), state.agentDefaults());
    byOrg.compute(
        state.orgId(),
        (org, known) -> {
          Map<String, Held> now = known == null ? new HashMap<>() : new HashMap<>(known);
          now.put(owner.key(), held);
          return Map.copyOf(now);
        });
  }

  /** Those of an organisation, by the keys of their owners. */
  public Map<String, Held> of(String org) {
    return byOrg.getOrDefault(org, Map.of());
  }

  /** Reads limits that have been checked; money of the day is counted, capped or not. */
  public static Budget read(Owner owner, BudgetLimits limits) {
    return Budget.of(
            owner, limits, window -> BudgetRules.window(window).orElse(Duration.ofHours(1)))
        .tracked();
  }
}
