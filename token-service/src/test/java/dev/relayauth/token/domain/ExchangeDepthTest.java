package dev.relayauth.token.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Claims;
import dev.relayauth.token.domain.exchanging.Exchange;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssueRequest;
import dev.relayauth.token.domain.issuing.Outcome;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far exchanges nest when each token came from a provisioner of its own. */
class ExchangeDepthTest {
  private static final IssueRequest ANY =
      new IssueRequest(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

  private final Bench bench = new Bench();

  /** The usual provisioner is a human's team's agent; 16 KiB is all that a verifier reads. */
  @ParameterizedTest
  @CsvSource({"2,8192", "9,16384"})
  void tenActorsNestWhoseTokensCameFromTheirOwnProvisioners(int agentsAbove, int longest) {
    Claims subject = provisioned("user_of_subject", agentsAbove);
    Chain chain = Agents.chain(Agents.active(subject.sub(), "s:t:read"));
    for (int hop = 1; hop <= Exchange.MAX_DEPTH; hop++) {
      Outcome<Issuance> outcome =
          exchanged(subject, provisioned("user_" + hop, agentsAbove), chain);
      assertThat(outcome).as("hop %d", hop).isInstanceOf(Outcome.Accepted.class);
      Issuance issued = ((Outcome.Accepted<Issuance>) outcome).value();
      assertThat(issued.accessToken().length()).isLessThan(longest);
      subject = bench.minting.claims(issued.session(), issued.token(), chain);
    }
  }

  private Outcome<Issuance> exchanged(Claims subject, Claims actor, Chain chain) {
    Exchange.Requester anybody = new Exchange.Requester(false, Optional.empty());
    return Exchange.of(subject, actor, ScopeSet.of(List.of("*")), anybody)
        .then(
            exchange ->
                bench.issuer.issue(
                    ANY,
                    exchange.delegation(),
                    new TokenIssuer.Basis(
                        chain,
                        exchange.credential(),
                        OrganizationSettings.DEFAULTS,
                        bench.signer,
                        7,
                        Optional.empty())));
  }

  /** A token that a provisioner's bearer has issued, which that one's key had. */
  private Claims provisioned(String human, int agentsAbove) {
    List<String> lineage = new ArrayList<>();
    lineage.add(id(IdPrefix.TOKEN));
    lineage.add(id(IdPrefix.SESSION));
    lineage.add(id(IdPrefix.API_KEY));
    lineage.add(human);
    for (int i = 0; i < agentsAbove; i++) {
      lineage.add(id(IdPrefix.IDENTITY));
    }
    lineage.add(id(IdPrefix.WORKSPACE));
    String self = id(IdPrefix.IDENTITY);
    long now = Agents.NOW.getEpochSecond();
    return Claims.builder()
        .iss("https://auth.example.test")
        .sub(self)
        .aud(List.of("s"))
        .iat(now)
        .nbf(now)
        .exp(now + 3600)
        .jti(id(IdPrefix.TOKEN))
        .sid(id(IdPrefix.SESSION))
        .clientId(self)
        .org("org_a")
        .wks(id(IdPrefix.WORKSPACE))
        .scopes(List.of("s:t:read"))
        .sponsorId("user_jane")
        .sponsorChain(List.of("user_jane", self))
        .lineage(lineage)
        .rev(7)
        .build();
  }

  private String id(IdPrefix prefix) {
    return bench.ids.next(prefix);
  }
}
