package dev.relayauth.token.adapter.kafka;

import dev.relayauth.common.directory.StateProjection;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.json.Json;
import dev.relayauth.token.domain.issuing.Chain;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sponsors, from the identity topic: the humans who may sign in through an outside issuer. One whom
 * memory doesn't know may be new, and the identity service is asked.
 */
@Singleton
public final class Humans extends StateProjection<SponsorState> {
  private final InternalClient client;

  Humans(InternalClient client) {
    super(Topics.IDENTITY, EntityKind.SPONSOR, SponsorState.class, SponsorState::revision);
    this.client = client;
  }

  /** A human as a chain of one, with these scopes; empty for one who isn't with us (any more). */
  public CompletableFuture<Optional<Chain>> chain(String org, String id, List<String> scopes) {
    Optional<SponsorState> known = state(org, id);
    CompletableFuture<Optional<SponsorState>> found =
        known.isPresent() || !IdFormat.isValid(IdPrefix.SPONSOR, id)
            ? CompletableFuture.completedFuture(known)
            : ask(org, id);
    return found.thenApply(
        state ->
            state
                .filter(human -> human.status() == SponsorState.Status.active)
                .map(human -> new Chain(List.of(human.acting(scopes)))));
  }

  private CompletableFuture<Optional<SponsorState>> ask(String org, String id) {
    return client
        .get("identity", "/internal/v1/sponsors/" + org + "/" + id)
        .thenApply(
            reply -> reply.found("identity").map(body -> Json.read(body, SponsorState.class)));
  }
}
