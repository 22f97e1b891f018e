package dev.relayauth.token.adapter.kafka;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import dev.relayauth.common.token.SigningAlgorithm;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What organisations chose, from the identity topic; one it doesn't know has the defaults. */
@Singleton
public final class OrganizationProjection implements FeedHandler {
  private final Map<String, OrganizationState> byKey = new ConcurrentHashMap<>();

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
      byKey.remove(event.key());
      return;
    }
    OrganizationState state = Json.read(data, OrganizationState.class);
    byKey.merge(event.key(), state, (old, now) -> now.revision() >= old.revision() ? now : old);
  }

  /** The algorithm of an organisation's tokens. */
  public SigningAlgorithm algorithm(String org) {
    return find(org)
        .map(OrganizationState::signingAlgorithm)
        .flatMap(SigningAlgorithm::ofJwsName)
        .orElse(SigningAlgorithm.EDDSA);
  }

  /** The lifetimes an organisation chose. */
  public OrganizationSettings settings(String org) {
    return find(org).map(OrganizationState::settings).orElse(OrganizationSettings.DEFAULTS);
  }

  private Optional<OrganizationState> find(String org) {
    return Optional.ofNullable(byKey.get(EntityKind.ORGANIZATION.key(org, org)));
  }
}
