package dev.relayauth.common.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BufferQuotaTest {
  private final BufferQuota quota = new BufferQuota(100);

  @Test
  void refusesAnOrganisationThatHoldsItsShareAndNoOther() {
    assertThat(quota.take("org_a", 60)).isTrue();
    assertThat(quota.take("org_a", 40)).isTrue();

    assertThat(quota.take("org_a", 1)).isFalse();
    assertThat(quota.take("org_b", 100)).isTrue();
  }

  @Test
  void aRefusalTakesNothing() {
    assertThat(quota.take("org_a", 101)).isFalse();

    assertThat(quota.take("org_a", 100)).isTrue();
  }

  @Test
  void whatTheBrokerHasIsRoomAgain() {
    assertThat(quota.take("org_a", 100)).isTrue();

    quota.release("org_a", 30);

    assertThat(quota.take("org_a", 31)).isFalse();
    assertThat(quota.take("org_a", 30)).isTrue();
  }
}
