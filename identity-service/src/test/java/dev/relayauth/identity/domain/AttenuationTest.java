package dev.relayauth.identity.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetLimits.ScopeCap;
import dev.relayauth.common.grant.EffectiveGrants;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.domain.attenuation.Attenuation;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttenuationTest {
  private static final ScopeSet EVERYTHING = ScopeSet.of(List.of("*"));

  @Test
  void namesTheFirstScopeThatTheCallerLacks() {
    ScopeSet given = ScopeSet.of(List.of("stripe:orders:read", "stripe:orders:approve"));
    ScopeSet caller = ScopeSet.of(List.of("stripe:orders:read"));
    assertThat(Attenuation.firstEscalation(given, caller, null))
        .contains(Scope.parse("stripe:orders:approve"));
  }

  @Test
  void namesTheFirstScopeThatTheParentLacks() {
    ScopeSet given = ScopeSet.of(List.of("stripe:orders:approve"));
    EffectiveGrants parent = new EffectiveGrants(ScopeSet.of(List.of("stripe:orders:read")), false);
    assertThat(Attenuation.firstEscalation(given, EVERYTHING, parent)).isPresent();
    assertThat(Attenuation.firstEscalation(given, EVERYTHING, null)).isEmpty();
  }

  @Test
  void letsAParentWithoutStandingGrantsHandOnNothing() {
    EffectiveGrants parent = new EffectiveGrants(EVERYTHING, true);
    ScopeSet given = ScopeSet.of(List.of("stripe:orders:read"));
    assertThat(Attenuation.firstEscalation(given, EVERYTHING, parent)).isPresent();
    assertThat(Attenuation.firstEscalation(ScopeSet.empty(), EVERYTHING, parent)).isEmpty();
  }

  @Test
  void comparesEachCapOfABudget() {
    BudgetLimits parent = new BudgetLimits(10L, BigDecimal.TEN, null, null);
    assertThat(Attenuation.firstBeyond(new BudgetLimits(10L, BigDecimal.TEN, null, null), parent))
        .isEmpty();
    assertThat(Attenuation.firstBeyond(new BudgetLimits(11L, null, null, null), parent))
        .hasValue("maxActionsPerHour");
    assertThat(
            Attenuation.firstBeyond(
                new BudgetLimits(null, new BigDecimal("10.01"), null, null), parent))
        .hasValue("maxCostPerDay");
    assertThat(Attenuation.firstBeyond(new BudgetLimits(null, null, null, null), parent)).isEmpty();
  }

  @Test
  void comparesCapsOnScopesThatTheParentCapsWholly() {
    BudgetLimits parent = capped(new ScopeCap("stripe:orders:*", 5L, "1h"));
    assertThat(beyond(parent, "stripe:orders:*", 6, "1h")).hasValue("scopeCaps/0/max");
    assertThat(beyond(parent, "stripe:orders:read", 6, "PT15M")).hasValue("scopeCaps/0/max");
    assertThat(beyond(parent, "stripe:orders:read", 5, "hour")).isEmpty();
    assertThat(beyond(parent, "stripe:orders:*", 100, "day")).isEmpty();
    assertThat(beyond(parent, "stripe:*:*", 100, "1h")).isEmpty();
    assertThat(Attenuation.firstBeyond(parent, new BudgetLimits(9L, null, null, null))).isEmpty();
  }

  private static Optional<String> beyond(
      BudgetLimits parent, String scope, long max, String window) {
    return Attenuation.firstBeyond(capped(new ScopeCap(scope, max, window)), parent);
  }

  private static BudgetLimits capped(ScopeCap cap) {
    return new BudgetLimits(
        null, null, null, null, List.of(cap), null, null, null, null, null, null);
  }

  @Test
  void endsNoLaterThanTheParent() {
    Instant parent = Instant.parse("2026-12-01T00:00:00Z");
    assertThat(Attenuation.isWithin(parent, parent)).isTrue();
    assertThat(Attenuation.isWithin(parent.plusSeconds(1), parent)).isFalse();
    assertThat(Attenuation.isWithin((Instant) null, parent)).isTrue();
  }
}
