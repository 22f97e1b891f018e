package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.token.Verification;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Who wants to act, by what the caller sent. */
public sealed interface AccessSubject {
  /** In place of the workspace of who is in none; no workspace has that id. */
  String NOWHERE = "";

  /** The workspaces of all of a chain. */
  static List<String> places(List<Agent> chain) {
    return chain.stream()
        .map(each -> Objects.requireNonNullElse(each.state().workspaceId(), NOWHERE))
        .distinct()
        .toList();
  }

  /**
   * The bearer of a token whose signature and claims are good.
   *
   * @param actorPlaces the workspaces of those who act for it, and of all above them; {@link
   *     #NOWHERE} for each that is in none; and the token's own, where nobody of the chain is in it
   * @param actors the agents that act for it, each after its ancestors
   */
  record Bearer(Verification.Valid token, List<String> actorPlaces, List<List<Agent>> actors)
      implements AccessSubject {
    /** Copies the lists. */
    public Bearer {
      actorPlaces = List.copyOf(actorPlaces);
      actors = List.copyOf(actors);
    }

    /** The same in the token's own workspace too, which may be another than the chain's. */
    public Bearer placed(List<Agent> chain) {
      String own = token.claims().wks();
      boolean isKnown =
          own == null
              || actorPlaces.contains(own)
              || chain.stream().anyMatch(each -> own.equals(each.state().workspaceId()));
      return isKnown
          ? this
          : new Bearer(token, Stream.concat(actorPlaces.stream(), Stream.of(own)).toList(), actors);
    }

    /** The bearer of a token for whom those act. */
    public static Bearer actedFor(Verification.Valid token, List<List<Agent>> actors) {
      List<String> places =
          actors.stream().flatMap(chain -> places(chain).stream()).distinct().toList();
      return new Bearer(token, places, actors);
    }

    /** The bearer of a token on record, of whose actors only the places are known. */
    public Bearer(Verification.Valid token, List<String> actorPlaces) {
      this(token, actorPlaces, List.of());
    }

    /** The bearer of a token for whom nobody acts. */
    public Bearer(Verification.Valid token) {
      this(token, List.of(), List.of());
    }
  }

  /** The bearer of a token that is refused. */
  record RefusedToken(Verification.Invalid refusal) implements AccessSubject {}

  /** The bearer of a token that was not looked at, since nothing may be told of it. */
  record Unread() implements AccessSubject {}

  /** An identity named by its id: a dry question, nothing is presented. */
  record Named(String identityId) implements AccessSubject {}
}
