package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.token.Claims;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What conditions look at.
 *
 * @param chain the agent after its ancestors, the topmost agent first
 * @param actors the ids of those who act for the agent, and of the agents above them
 * @param actorPlaces the workspaces of those, as {@link AccessSubject.Bearer} has them
 * @param time when the action takes place
 * @param tokenAge how long ago the token was issued; null without a token
 */
record Facts(
    List<Agent> chain,
    List<String> actors,
    List<String> actorPlaces,
    RequestContext context,
    Instant time,
    @Nullable Duration tokenAge) {
  /** The facts of a request whose subject is known. */
  static Facts of(DecisionRequest request, Instant now) {
    Instant said = request.context().time();
    Instant time = said == null ? now : said;
    if (!(request.subject() instanceof AccessSubject.Bearer bearer)) {
      return new Facts(request.chain(), List.of(), List.of(), request.context(), time, null);
    }
    Claims claims = bearer.token().claims();
    return new Facts(
        request.chain(),
        claims.actors(),
        bearer.actorPlaces(),
        request.context(),
        time,
        Duration.between(Instant.ofEpochSecond(claims.iat()), now));
  }

  /** The agent that asks. */
  Agent agent() {
    return chain.getLast();
  }

  /** Whether a deny of this identity binds the agent: its own, an ancestor's, an actor's. */
  boolean isBoundBy(String identityId) {
    return agent().sponsorChain().contains(identityId) || actors.contains(identityId);
  }

  /** The workspaces of the agent, of all its ancestors, and of those who act for it. */
  List<String> workspaces() {
    List<String> ids = places();
    ids.removeIf(AccessSubject.NOWHERE::equals);
    return ids;
  }

  /** The same, and {@link AccessSubject#NOWHERE} when one of them is in none. */
  List<String> places() {
    List<String> ids = new ArrayList<>(1);
    for (Agent each : chain) {
      String id = each.state().workspaceId();
      addOnce(ids, id == null ? AccessSubject.NOWHERE : id);
    }
    for (String place : actorPlaces) {
      addOnce(ids, place);
    }
    return ids;
  }

  private static void addOnce(List<String> ids, String id) {
    if (!ids.contains(id)) {
      ids.add(id);
    }
  }

  /** The ids of the agent, of its ancestors, and of those who act for it. */
  List<String> identities() {
    List<String> ids = new ArrayList<>(actors);
    chain.forEach(each -> ids.add(each.id()));
    return ids;
  }
}
