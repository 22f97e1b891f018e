package dev.relayauth.policy.adapter.kafka;

import dev.relayauth.common.directory.StateProjection;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Sponsors, from the identity topic: the humans whose own tokens may be presented. */
@Singleton
public final class HumanProjection extends StateProjection<SponsorState> {
  HumanProjection() {
    super(Topics.IDENTITY, EntityKind.SPONSOR, SponsorState.class, SponsorState::revision);
  }

  /** A human as a chain of one, who has what a token of theirs says; empty when there is none. */
  public Optional<List<Agent>> chain(String org, String id) {
    return state(org, id).map(human -> List.of(new Agent(human.acting(List.of()))));
  }
}
