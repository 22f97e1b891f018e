package dev.relayauth.identity.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.grant.EffectiveGrants;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.domain.attenuation.Attenuation;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
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
  void endsNoLaterThanTheParent() {
    Instant parent = Instant.parse("2026-12-01T00:00:00Z");
    assertThat(Attenuation.isWithin(parent, parent)).isTrue();
    assertThat(Attenuation.isWithin(parent.plusSeconds(1), parent)).isFalse();
    assertThat(Attenuation.isWithin((Instant) null, parent)).isTrue();
  }
}
