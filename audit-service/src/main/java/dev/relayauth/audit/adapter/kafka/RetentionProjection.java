package dev.relayauth.audit.adapter.kafka;

import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.audit.domain.removal.RetentionRule;
import dev.relayauth.common.directory.StateProjection;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.Topics;
import jakarta.inject.Singleton;

/** The retention that organisations chose, from the identity topic. */
@Singleton
public final class RetentionProjection extends StateProjection<OrganizationState>
    implements RetentionRule {
  private final int deployment;

  RetentionProjection(AuditConfig config) {
    super(
        Topics.IDENTITY,
        EntityKind.ORGANIZATION,
        OrganizationState.class,
        OrganizationState::revision);
    this.deployment = bounded(config.retentionDays());
  }

  @Override
  public int days(String org) {
    return state(org, org)
        .map(state -> state.settings().auditRetentionDays())
        .map(RetentionProjection::bounded)
        .orElse(deployment);
  }

  private static int bounded(int days) {
    return Math.clamp(days, MIN_DAYS, MAX_DAYS);
  }
}
