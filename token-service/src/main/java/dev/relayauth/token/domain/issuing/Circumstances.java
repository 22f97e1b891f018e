package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of the moment of an issue.
 *
 * @param actors the agents by whose authority it is beside the identity's, and those above them
 * @param ip the address that asks, as the gateway saw it
 */
public record Circumstances(
    IdentityState identity, List<String> actors, Instant time, Optional<String> ip) {
  /** Copies the list. */
  public Circumstances {
    actors = List.copyOf(actors);
  }

  /** The identity, those above it, and the actors: whom a deny may name. */
  List<String> identities() {
    Stream<String> above =
        identity.sponsorChain().stream().filter(id -> id.startsWith(IdPrefix.IDENTITY.text()));
    return Stream.of(Stream.of(identity.id()), above, actors.stream())
        .flatMap(ids -> ids)
        .distinct()
        .toList();
  }
}
