package dev.relayauth.token.domain;

import static dev.relayauth.token.domain.Agents.active;
import static dev.relayauth.token.domain.Agents.chain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssueRequest;
import dev.relayauth.token.domain.issuing.Outcome;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MintingTest {
  private final Bench bench = new Bench();
  private final Chain chain = chain(active("agent_c", "a:b:c"));

  private Issuance issue(long rev, String... lineage) {
    Outcome<Issuance> outcome =
        bench.issuer.issue(
            new IssueRequest(Optional.empty(), List.of(), Optional.empty(), Optional.empty()),
            new TokenIssuer.Basis(
                chain,
                new Credential(ScopeSet.of(List.of("*")), List.of(lineage)),
                OrganizationSettings.DEFAULTS,
                bench.signer,
                rev,
                Optional.empty()));
    return ((Outcome.Accepted<Issuance>) outcome).value();
  }

  private boolean isAlive(Issuance issuance) {
    return bench.minting.killer(issuance.session(), issuance.token(), chain).isEmpty();
  }

  private void revoke(RevocationKind kind, String id, long seq) {
    bench.revocations.apply(new RevocationEntry("org_a", kind, id, seq, false, Instant.MAX));
  }

  @Test
  void noticesAnEntryThatArrivedWhileATokenWasMade() {
    Issuance issuance = issue(7);
    assertThat(isAlive(issuance)).isTrue();

    revoke(RevocationKind.IDENTITY, "agent_c", 8);

    assertThat(isAlive(issuance)).isFalse();
    assertThat(isAlive(issue(8))).isTrue();
  }

  @Test
  void noticesAnEntryThatCameAheadOfTheFeed() {
    bench.revocations.apply(
        new RevocationEntry("org_a", RevocationKind.IDENTITY, "agent_x", 7, false, Instant.MAX));
    Issuance issuance = issue(7);

    bench.revocations.applyEarly(
        new RevocationEntry("org_a", RevocationKind.IDENTITY, "agent_c", 8, false, Instant.MAX));

    assertThat(isAlive(issuance)).isFalse();
  }

  @Test
  void isNotTroubledByEntriesForOthers() {
    Issuance issuance = issue(7);

    revoke(RevocationKind.IDENTITY, "agent_other", 8);

    assertThat(isAlive(issuance)).isTrue();
  }

  @Test
  void diesWithTheSessionOfATokenThatIssuedIt() {
    Issuance issuance = issue(7, "tok_parent", "sess_parent");

    revoke(RevocationKind.SESSION, "sess_parent", 8);

    assertThat(isAlive(issuance)).isFalse();
  }
}
