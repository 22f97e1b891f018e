package dev.relayauth.token.adapter.kafka;

import dev.relayauth.common.directory.StateProjection;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.token.domain.issuing.Chain;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Sponsors, from the identity topic: the humans who may sign in through an outside issuer. */
@Singleton
public final class Humans extends StateProjection<SponsorState> {
  Humans() {
    super(Topics.IDENTITY, EntityKind.SPONSOR, SponsorState.class, SponsorState::revision);
  }

  /** A human as a chain of one, with these scopes; empty for one who isn't with us (any more). */
  public Optional<Chain> chain(String org, String id, List<String> scopes) {
    return state(org, id)
        .filter(state -> state.status() == SponsorState.Status.active)
        .map(state -> new Chain(List.of(state.acting(scopes))));
  }
}
