package dev.relayauth.token.adapter.kafka;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import dev.relayauth.token.domain.issuing.Chain;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Sponsors, from the identity topic: the humans who may sign in through an outside issuer. */
@Singleton
public final class Humans implements FeedHandler {
  private final Map<String, SponsorState> byKey = new ConcurrentHashMap<>();

  @Override
  public String topic() {
    return Topics.IDENTITY;
  }

  @Override
  public void apply(CloudEvent event) {
    if (!EntityKind.SPONSOR.owns(event.key())) {
      return;
    }
    byte[] data = event.data();
    if (data == null) {
      byKey.remove(event.key());
      return;
    }
    SponsorState state = Json.read(data, SponsorState.class);
    byKey.merge(event.key(), state, (old, now) -> now.revision() >= old.revision() ? now : old);
  }

  /** A human as a chain of one, with these scopes; empty for one who isn't with us (any more). */
  public Optional<Chain> chain(String org, String id, List<String> scopes) {
    return Optional.ofNullable(byKey.get(EntityKind.SPONSOR.key(org, id)))
        .filter(state -> state.status() == SponsorState.Status.active)
        .map(state -> new Chain(List.of(identity(state, scopes))));
  }

  private static IdentityState identity(SponsorState human, List<String> scopes) {
    return new IdentityState(
        human.orgId(),
        human.id(),
        human.name(),
        IdentityState.Type.human,
        IdentityState.Status.active,
        null,
        human.id(),
        List.of(human.id()),
        scopes,
        List.of(),
        false,
        Map.of(),
        null,
        null,
        null,
        null,
        human.createdAt(),
        human.updatedAt(),
        human.revision());
  }
}
