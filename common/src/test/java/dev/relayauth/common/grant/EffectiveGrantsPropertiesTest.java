package dev.relayauth.common.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.scope.ScopeSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EffectiveGrantsPropertiesTest {
  private static final List<String> SCOPES =
      List.of(
          "*",
          "stripe:*:*",
          "stripe:orders:*",
          "stripe:orders:read",
          "stripe:orders:manage",
          "stripe:orders:approve:<=100",
          "stripe:orders:approve:<=50",
          "relaycast:channel:write:#billing",
          "relaycast:channel:write",
          "relayfile:fs:read:/docs/*",
          "relayfile:fs:read:/docs/a/*",
          "relayfile:fs:read:/docs/a/b");

  record Level(List<String> scopes, List<String> roleScopes, boolean issuerScoped) {}

  @Provide
  Arbitrary<List<Level>> chains() {
    Arbitrary<List<String>> scopes = Arbitraries.of(SCOPES).list().ofMaxSize(4);
    return net.jqwik.api.Combinators.combine(scopes, scopes, Arbitraries.of(true, false, false))
        .as(Level::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Property
  void noChainWidensOnItsWayDown(@ForAll("chains") List<Level> levels) {
    List<IdentityState> chain = chain(levels);
    for (int depth = 1; depth <= chain.size(); depth++) {
      ScopeSet here = grants(levels, chain.subList(0, depth)).scopes();
      for (int above = 1; above < depth; above++) {
        ScopeSet bound = grants(levels, chain.subList(0, above)).scopes();
        assertThat(here.isSubsetOf(bound)).isTrue();
      }
    }
  }

  @Property
  void standingGrantsStayWithinTheirOwn(@ForAll("chains") List<Level> levels) {
    List<IdentityState> chain = chain(levels);
    EffectiveGrants grants = grants(levels, chain);
    if (!grants.issuerNamed()) {
      List<String> own = new ArrayList<>(levels.getLast().scopes());
      own.addAll(levels.getLast().roleScopes());
      assertThat(grants.scopes().isSubsetOf(ScopeSet.lenient(own))).isTrue();
    }
  }

  private static EffectiveGrants grants(List<Level> levels, List<IdentityState> chain) {
    return EffectiveGrants.of(
        chain, (identity, role) -> levels.get(Integer.parseInt(role)).roleScopes());
  }

  private static List<IdentityState> chain(List<Level> levels) {
    List<IdentityState> chain = new ArrayList<>();
    List<String> ids = new ArrayList<>(List.of("user_jane"));
    for (int i = 0; i < levels.size(); i++) {
      Level level = levels.get(i);
      ids.add("agent_" + i);
      chain.add(
          new IdentityState(
              "org_a",
              "agent_" + i,
              "n",
              IdentityState.Type.agent,
              IdentityState.Status.active,
              null,
              ids.get(i),
              ids,
              level.issuerScoped() ? List.of() : level.scopes(),
              level.issuerScoped() ? List.of() : List.of(Integer.toString(i)),
              level.issuerScoped(),
              Map.of(),
              null,
              null,
              null,
              null,
              Instant.EPOCH,
              Instant.EPOCH,
              1));
    }
    return chain;
  }
}
