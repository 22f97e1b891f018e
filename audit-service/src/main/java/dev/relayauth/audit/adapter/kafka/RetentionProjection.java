package dev.relayauth.audit.adapter.kafka;

import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.audit.domain.removal.RetentionRule;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The retention that organisations chose, from the identity topic. */
@Singleton
public final class RetentionProjection implements FeedHandler, RetentionRule {
  private final Map<String, Integer> chosen = new ConcurrentHashMap<>();
  private final int deployment;

  RetentionProjection(AuditConfig config) {
    this.deployment = Math.clamp(config.retentionDays(), MIN_DAYS, MAX_DAYS);
  }

  @Override
  public String topic() {
    return Topics.IDENTITY;
  }

  @Override
  public void apply(CloudEvent event) {
    if (!EntityKind.ORGANIZATION.owns(event.key())) {
      return;
    }
    byte[] data = event.data();
    String org = event.key().substring(event.key().lastIndexOf('/') + 1);
    Integer days =
        data == null
            ? null
            : Json.read(data, OrganizationState.class).settings().auditRetentionDays();
    if (days == null) {
      chosen.remove(org);
    } else {
      chosen.put(org, Math.clamp(days, MIN_DAYS, MAX_DAYS));
    }
  }

  @Override
  public int days(String org) {
    return chosen.getOrDefault(org, deployment);
  }
}
