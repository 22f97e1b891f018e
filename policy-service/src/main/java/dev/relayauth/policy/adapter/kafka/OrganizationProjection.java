package dev.relayauth.policy.adapter.kafka;

import dev.relayauth.common.directory.StateProjection;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.Topics;
import jakarta.inject.Singleton;

/** What organisations chose, from the identity topic; one it doesn't know has the defaults. */
@Singleton
public final class OrganizationProjection extends StateProjection<OrganizationState> {
  OrganizationProjection() {
    super(
        Topics.IDENTITY,
        EntityKind.ORGANIZATION,
        OrganizationState.class,
        OrganizationState::revision);
  }

  /** The settings of an organisation. */
  public OrganizationSettings settings(String org) {
    return state(org, org).map(OrganizationState::settings).orElse(OrganizationSettings.DEFAULTS);
  }
}
