package dev.relayauth.common.audit;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.OrganizationSettings.AuditMode;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The organisations that chose {@code strict} for themselves, from the identity topic. */
@Singleton
public final class StrictOrganizations implements FeedHandler {
  private final Map<String, Long> revisions = new ConcurrentHashMap<>();

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
    if (data == null) {
      revisions.remove(event.subject());
      return;
    }
    OrganizationState state = Json.read(data, OrganizationState.class);
    if (state.settings().auditMode() == AuditMode.strict) {
      revisions.merge(state.id(), state.revision(), Math::max);
    } else {
      revisions.computeIfPresent(
          state.id(), (org, known) -> known > state.revision() ? known : null);
    }
  }

  /** Whether it is one of them. */
  boolean contains(String org) {
    return revisions.containsKey(org);
  }
}
