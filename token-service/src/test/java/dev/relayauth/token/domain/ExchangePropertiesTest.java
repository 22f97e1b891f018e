package dev.relayauth.token.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import dev.relayauth.token.domain.exchanging.Exchange;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssueRequest;
import dev.relayauth.token.domain.issuing.Outcome;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever is exchanged for whatever: the result has and outlives nothing that a part has not. */
class ExchangePropertiesTest {
  private static final Exchange.Requester UNPROVED =
      new Exchange.Requester(false, Optional.empty());

  private final Bench bench = new Bench();

  @Provide
  Arbitrary<Set<String>> scopes() {
    return Arbitraries.of(
            "*",
            "s:*:*",
            "s:t:*",
            "s:t:read",
            "s:t:write",
            "s:t:manage",
            "s:t:read:/docs/*",
            "s:t:read:/docs/a",
            "s:t:approve:<=100",
            "s:t:approve:<=50",
            "x:y:z")
        .set()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static Claims token(String id, Set<String> scopes, long life, Actor act) {
    long now = Agents.NOW.getEpochSecond();
    return Claims.builder()
        .iss("https://auth.example.test")
        .sub(id)
        .aud(List.of("s"))
        .iat(now)
        .nbf(now)
        .exp(now + life)
        .jti("tok_" + id)
        .sid("sess_" + id)
        .clientId(id)
        .org("org_a")
        .scopes(List.copyOf(scopes))
        .sponsorId("user_jane")
        .sponsorChain(List.of("user_jane", id))
        .act(act)
        .rev(7)
        .build();
  }

  @Property(tries = 300)
  void resultIsWithinSubjectActorRequestAndGrants(
      @ForAll("scopes") Set<String> subject,
      @ForAll("scopes") Set<String> actor,
      @ForAll("scopes") Set<String> actorGrants,
      @ForAll("scopes") Set<String> grants,
      @ForAll("scopes") Set<String> requested,
      @ForAll boolean names,
      @ForAll @IntRange(min = 60, max = 7200) int subjectLife,
      @ForAll @IntRange(min = 60, max = 7200) int actorLife) {
    Claims a = token("agent_a", subject, subjectLife, null);
    Claims b = token("agent_b", actor, actorLife, null);
    Chain chain = Agents.chain(Agents.active("agent_a", grants.toArray(String[]::new)));
    Optional<ScopeSet> wanted = names ? Optional.of(ScopeSet.of(requested)) : Optional.empty();

    Outcome<Issuance> outcome =
        Exchange.of(a, b, ScopeSet.of(actorGrants), UNPROVED)
            .then(
                exchange ->
                    bench.issuer.issue(
                        new IssueRequest(wanted, List.of(), Optional.empty(), Optional.empty()),
                        exchange.delegation(),
                        new TokenIssuer.Basis(
                            chain,
                            exchange.credential(),
                            OrganizationSettings.DEFAULTS,
                            bench.signer,
                            7,
                            Optional.empty())));

    if (outcome instanceof Outcome.Accepted<Issuance> accepted) {
      Session session = accepted.value().session();
      ScopeSet result = ScopeSet.of(session.scopes());
      assertThat(result.isEmpty()).isFalse();
      for (Set<String> bound : List.of(subject, actor, actorGrants, grants)) {
        assertThat(result.isSubsetOf(ScopeSet.of(bound))).isTrue();
      }
      wanted.ifPresent(asked -> assertThat(result).isEqualTo(asked));
      assertThat(accepted.value().token().expiresAt())
          .isBeforeOrEqualTo(Agents.NOW.plusSeconds(Math.min(subjectLife, actorLife)));
      assertThat(session.lineage())
          .contains("tok_agent_a", "sess_agent_a", "tok_agent_b", "sess_agent_b");
    }
  }

  @Property(tries = 30)
  void chainsEndAtTenActors(@ForAll @IntRange(min = 0, max = 12) int before) {
    Actor act = null;
    for (int i = 0; i < before; i++) {
      act = new Actor("agent_" + i, List.of("user_jane", "agent_" + i), act);
    }
    Claims a = token("agent_a", Set.of("s:t:read"), 600, act);
    Claims b = token("agent_b", Set.of("s:t:read"), 600, null);

    Outcome<Exchange> outcome = Exchange.of(a, b, ScopeSet.of(List.of("*")), UNPROVED);

    assertThat(outcome instanceof Outcome.Accepted<Exchange>).isEqualTo(before < 10);
  }
}
