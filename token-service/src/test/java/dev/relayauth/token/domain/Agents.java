package dev.relayauth.token.domain;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.IdentityState.Status;
import dev.relayauth.token.domain.issuing.Chain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Identities for the tests of the domain. */
public final class Agents {
  public static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private Agents() {}

  public static IdentityState active(String id, String... scopes) {
    return state(id, Status.active, false, null, scopes);
  }

  public static IdentityState issuerScoped(String id) {
    return state(id, Status.active, true, null);
  }

  public static IdentityState ending(String id, Instant at, String... scopes) {
    return state(id, Status.active, false, at, scopes);
  }

  public static IdentityState is(Status status, String id) {
    return state(id, status, false, null, "a:b:c");
  }

  /** The same identity with roles. */
  public static IdentityState withRoles(IdentityState s, String... roles) {
    return new IdentityState(
        s.orgId(),
        s.id(),
        s.name(),
        s.type(),
        s.status(),
        s.workspaceId(),
        s.sponsorId(),
        s.sponsorChain(),
        s.scopes(),
        List.of(roles),
        s.issuerScoped(),
        s.metadata(),
        s.budget(),
        s.expiresAt(),
        null,
        null,
        s.createdAt(),
        s.updatedAt(),
        s.revision());
  }

  /** A chain whose last names all of it as its sponsors. */
  public static Chain chain(IdentityState... states) {
    List<String> ids = new ArrayList<>(List.of("user_jane"));
    Arrays.stream(states).map(IdentityState::id).forEach(ids::add);
    List<IdentityState> chain = new ArrayList<>(Arrays.asList(states));
    IdentityState self = chain.removeLast();
    chain.add(withChain(self, ids));
    return new Chain(chain);
  }

  private static IdentityState withChain(IdentityState s, List<String> ids) {
    return new IdentityState(
        s.orgId(),
        s.id(),
        s.name(),
        s.type(),
        s.status(),
        s.workspaceId(),
        ids.get(ids.size() - 2),
        ids,
        s.scopes(),
        s.roles(),
        s.issuerScoped(),
        s.metadata(),
        s.budget(),
        s.expiresAt(),
        null,
        null,
        s.createdAt(),
        s.updatedAt(),
        s.revision());
  }

  private static IdentityState state(
      String id, Status status, boolean issuerScoped, Instant expiresAt, String... scopes) {
    return new IdentityState(
        "org_a",
        id,
        id,
        IdentityState.Type.agent,
        status,
        "ws_prod",
        "user_jane",
        List.of("user_jane", id),
        List.of(scopes),
        List.of(),
        issuerScoped,
        Map.of(),
        null,
        expiresAt,
        null,
        null,
        NOW,
        NOW,
        1);
  }
}
