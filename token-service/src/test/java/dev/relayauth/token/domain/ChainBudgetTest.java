package dev.relayauth.token.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.token.TokenBudget;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Remaining;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChainBudgetTest {
  private static IdentityState agent(String id, @Nullable BudgetLimits limits) {
    IdentityState state = Agents.active(id, "stripe:orders:read");
    return state.withBudget(limits, state.updatedAt());
  }

  private static BudgetLimits limits(@Nullable Long actions, @Nullable String cost) {
    return new BudgetLimits(actions, cost == null ? null : new BigDecimal(cost), null, null);
  }

  private static @Nullable TokenBudget told(Chain chain) {
    return chain.budget(chain.left());
  }

  @Test
  void aTokenTellsTheLeastOfWhatBindsItsBearer() {
    Chain chain =
        new Chain(
            List.of(
                agent("agent_top", limits(100L, "2")),
                agent("agent_mid", limits(5L, "10")),
                agent("agent_low", limits(9L, null))));
    assertThat(told(chain)).isEqualTo(new TokenBudget(5L, new BigDecimal("2"), null));
  }

  @Test
  void limitsThatSayNothingAreNone() {
    Chain chain =
        new Chain(
            List.of(agent("agent_top", limits(7L, "2")), agent("agent_low", limits(null, null))));
    assertThat(told(chain)).isEqualTo(new TokenBudget(7L, new BigDecimal("2"), null));
    assertThat(told(new Chain(List.of(agent("agent_low", limits(null, null)))))).isNull();
  }

  @Test
  void whoHasNoLimitsHasTheDefaultsAndThoseUnderItHaveThem() {
    BudgetLimits defaults = limits(8L, "4");
    IdentityState top = agent("agent_top", null);
    IdentityState low = agent("agent_low", limits(9L, null));
    assertThat(told(new Chain(List.of(top), defaults, Remaining.UNKNOWN)))
        .isEqualTo(new TokenBudget(8L, new BigDecimal("4"), null));
    assertThat(told(new Chain(List.of(top, low), defaults, Remaining.UNKNOWN)))
        .isEqualTo(new TokenBudget(8L, new BigDecimal("4"), null));
    assertThat(told(new Chain(List.of(low), defaults, Remaining.UNKNOWN)))
        .isEqualTo(new TokenBudget(9L, null, null));
  }

  @Test
  void whatIsLeftGoesWithTheLimitsThatAreToldAndIsNeverMore() {
    Remaining left = new Remaining(new BigDecimal("3.5"), 4L);
    Chain both = new Chain(List.of(agent("agent_low", limits(9L, "10")))).with(left);
    Chain actions = new Chain(List.of(agent("agent_low", limits(9L, null)))).with(left);
    Chain lower = new Chain(List.of(agent("agent_low", limits(2L, null)))).with(left);
    assertThat(told(both)).isEqualTo(new TokenBudget(9L, new BigDecimal("10"), left.cost()));
    assertThat(told(actions)).isEqualTo(new TokenBudget(9L, null, BigDecimal.valueOf(4)));
    assertThat(told(lower)).isEqualTo(new TokenBudget(2L, null, BigDecimal.valueOf(2)));
  }
}
