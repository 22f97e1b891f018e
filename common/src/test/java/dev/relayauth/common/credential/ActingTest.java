package dev.relayauth.common.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.IdentityState.Type;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who acts for a caller, and on whom. */
class ActingTest {
  private final Map<String, List<IdentityState>> known = new HashMap<>();
  private final IdentityState parent = identity("agent_parent", Type.agent, null);
  private final IdentityState self = identity("agent_self", Type.agent, parent);
  private final IdentityState child = identity("agent_child", Type.agent, self);
  private final IdentityState sibling = identity("agent_sibling", Type.agent, parent);
  private final IdentityState helper = identity("agent_helper", Type.service, self);
  private final IdentityState free = identity("agent_free", Type.service, null);

  @Test
  void anAgentActsOnThoseStrictlyUnderIt() {
    Acting acting = acting(bearer(self, null));
    assertThat(acting.isUnderAgents()).isTrue();
    assertThat(acting.isAbove(child.sponsorChain())).isTrue();
    assertThat(acting.reaches(self.sponsorChain())).isTrue();
    for (IdentityState other : List.of(self, parent, sibling, free)) {
      assertThat(acting.isAbove(other.sponsorChain())).as(other.id()).isFalse();
    }
    assertThat(acting.isAbove(List.of("user_jane"))).isFalse();
  }

  @Test
  void aServiceUnderAnAgentIsBoundAsTheAgentIs() {
    Acting acting = acting(bearer(helper, null));
    assertThat(acting.isUnderAgents()).isTrue();
    assertThat(acting.isAbove(child.sponsorChain())).isFalse();
    assertThat(acting.reaches(sibling.sponsorChain())).isFalse();
  }

  @Test
  void aServiceWithNoAgentAboveItAHumanAndABareKeyAreFree() {
    for (Caller.Tenant caller :
        List.of(bearer(free, null), human(null), key(null), key(free.id()))) {
      Acting acting = acting(caller);
      assertThat(acting.isUnderAgents()).isFalse();
      assertThat(acting.isAbove(parent.sponsorChain())).isTrue();
      assertThat(acting.reaches(List.of("user_other"))).isTrue();
    }
  }

  @Test
  void everyHopAndTheIdentityOfAKeyCount() {
    Actor hops = new Actor(free.id(), free.sponsorChain(), actor(self));
    for (Caller.Tenant caller :
        List.of(bearer(free, actor(self)), bearer(free, hops), human(hops), key(self.id()))) {
      Acting acting = acting(caller);
      assertThat(acting.bound()).extracting(Acting.Identity::id).containsExactly(self.id());
      assertThat(acting.isAbove(child.sponsorChain())).isTrue();
      assertThat(acting.isAbove(sibling.sponsorChain())).isFalse();
    }
    Acting both = acting(bearer(sibling, actor(self)));
    assertThat(both.isAbove(child.sponsorChain())).isFalse();
  }

  @Test
  void whoHasIssuedItForAnotherCounts() {
    Caller.Bearer plain = (Caller.Bearer) bearer(free, null);
    Claims claims =
        plain.token().claims().toBuilder()
            .lineage(List.of("tok_0", "user_jane", parent.id(), self.id(), "ws_prod"))
            .build();
    Acting acting =
        acting(
            new Caller.Bearer(
                new Verification.Valid(claims, plain.token().scopes(), "kid", JwtType.JWT, "")));

    assertThat(acting.isAbove(child.sponsorChain())).isTrue();
    assertThat(acting.isAbove(self.sponsorChain())).isFalse();
    assertThat(acting.isAbove(sibling.sponsorChain())).isFalse();
    assertThat(acting.hasAbove(parent.id())).isTrue();
  }

  @Test
  void whoIsUnknownReachesNobody() {
    known.remove(self.id());
    Acting acting = acting(bearer(self, null));
    assertThat(acting.isUnderAgents()).isTrue();
    assertThat(acting.isAbove(sibling.sponsorChain())).isFalse();
  }

  @Test
  void knowsTheWorkspacesOfThoseAbove() {
    Acting acting = acting(bearer(child, null));
    assertThat(acting.mayHaveAboveIn("ws_of_agent_self")).isTrue();
    assertThat(acting.mayHaveAboveIn("ws_of_agent_parent")).isTrue();
    assertThat(acting.mayHaveAboveIn("ws_of_agent_child")).isFalse();
    assertThat(acting(bearer(free, null)).mayHaveAboveIn("ws_of_agent_free")).isFalse();
    known.remove(child.id());
    assertThat(acting(bearer(child, null)).mayHaveAboveIn("ws_of_agent_child")).isTrue();
  }

  private Acting acting(Caller.Tenant caller) {
    return Acting.of(caller, id -> known.getOrDefault(id, List.of()));
  }

  private static Actor actor(IdentityState state) {
    return new Actor(state.id(), state.sponsorChain(), null);
  }

  private static Caller.Tenant bearer(IdentityState state, @Nullable Actor act) {
    return bearer(state.id(), state.sponsorChain(), act);
  }

  private static Caller.Tenant human(@Nullable Actor act) {
    return bearer("user_jane", List.of("user_jane"), act);
  }

  private static Caller.Tenant bearer(String id, List<String> chain, @Nullable Actor act) {
    Claims claims =
        Claims.builder()
            .iss("https://auth.example.test")
            .sub(id)
            .aud(List.of("relayauth"))
            .exp(2)
            .iat(1)
            .nbf(1)
            .jti("tok_1")
            .clientId(id)
            .scopes(List.of("*"))
            .org("org_a")
            .sid("sess_1")
            .sponsorId(chain.getFirst())
            .sponsorChain(chain)
            .act(act)
            .rev(1)
            .build();
    return new Caller.Bearer(
        new Verification.Valid(claims, ScopeSet.of(List.of("*")), "kid", JwtType.JWT, ""));
  }

  private Caller.Tenant key(@Nullable String identity) {
    List<String> chain =
        identity == null ? List.of("user_jane") : known.get(identity).getLast().sponsorChain();
    ApiKeyState state =
        new ApiKeyState(
            "org_a",
            "ak_1",
            ApiKeyState.Kind.api_key,
            "hash",
            "rak_",
            "key",
            List.of("*"),
            "user_jane",
            identity,
            chain,
            null,
            Instant.EPOCH,
            null,
            null,
            1,
            1,
            List.of(),
            null);
    return new Caller.KeyHolder(state, ScopeSet.of(List.of("*")));
  }

  private IdentityState identity(String id, Type type, @Nullable IdentityState above) {
    List<String> chain =
        new ArrayList<>(above == null ? List.of("user_jane") : above.sponsorChain());
    chain.add(id);
    IdentityState made =
        new IdentityState(
            "org_a",
            id,
            id,
            type,
            IdentityState.Status.active,
            "ws_of_" + id,
            chain.get(chain.size() - 2),
            chain,
            List.of(),
            List.of(),
            false,
            Map.of(),
            null,
            null,
            null,
            null,
            Instant.EPOCH,
            Instant.EPOCH,
            1);
    List<IdentityState> line = new ArrayList<>(above == null ? List.of() : known.get(above.id()));
    line.add(made);
    known.put(id, line);
    return made;
  }
}
