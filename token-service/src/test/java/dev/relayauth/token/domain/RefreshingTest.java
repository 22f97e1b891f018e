package dev.relayauth.token.domain;

import static dev.relayauth.token.domain.Agents.NOW;
import static dev.relayauth.token.domain.Agents.active;
import static dev.relayauth.token.domain.Agents.chain;
import static dev.relayauth.token.domain.Agents.is;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.event.IdentityState.Status;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.DenyRule;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssueRequest;
import dev.relayauth.token.domain.issuing.IssuedToken;
import dev.relayauth.token.domain.issuing.Outcome;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import dev.relayauth.token.domain.refreshing.Family;
import dev.relayauth.token.domain.refreshing.RefreshDecision;
import dev.relayauth.token.domain.refreshing.RefreshRequest;
import dev.relayauth.token.domain.refreshing.Refreshing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefreshingTest {
  private static final Chain CHAIN = chain(active("agent_c", "a:b:read", "a:b:write"));

  private final Bench bench = new Bench();
  private final Issuance first = first();

  private Issuance first() {
    IssueRequest request =
        new IssueRequest(
            Optional.empty(),
            List.of(),
            Optional.of(Duration.ofMinutes(10)),
            Optional.of(Duration.ofMinutes(15)));
    Credential all = new Credential(ScopeSet.of(List.of("*")), List.of("ak_1"));
    Outcome<Issuance> outcome =
        bench.issuer.issue(
            request,
            new TokenIssuer.Basis(
                CHAIN, all, OrganizationSettings.DEFAULTS, bench.signer, 7, Optional.empty()));
    return ((Outcome.Accepted<Issuance>) outcome).value();
  }

  private Family unused() {
    return new Family(
        first.session(), false, false, first.token(), Optional.empty(), Optional.empty(), false);
  }

  private Family used(Instant at, IssuedToken successor, boolean successorUsed) {
    return new Family(
        first.session(),
        false,
        false,
        first.token(),
        Optional.of(at),
        Optional.of(successor),
        successorUsed);
  }

  private RefreshDecision decide(Family family, Chain chain, long rev) {
    return bench.refreshing.decide(
        first.refreshToken(),
        family,
        new Refreshing.Basis(chain, bench.signer, JwtType.JWT, rev, RefreshRequest.PLAIN));
  }

  private RefreshDecision decide(Family family) {
    return decide(family, CHAIN, 7);
  }

  private Issuance rotated() {
    return ((RefreshDecision.Rotated) decide(unused())).issuance();
  }

  private static ErrorCode code(RefreshDecision decision) {
    assertThat(decision).isInstanceOf(RefreshDecision.Refused.class);
    return ((RefreshDecision.Refused) decision).refusal().code();
  }

  private void revoke(RevocationKind kind, String id, long seq) {
    bench.revocations.apply(
        new RevocationEntry("org_a", kind, id, seq, false, NOW.plusSeconds(99_999)));
  }

  @Test
  void rotatesAnUnusedToken() {
    Issuance next = rotated();

    assertThat(next.token().generation()).isEqualTo(1);
    assertThat(next.token().jti()).isNotEqualTo(first.token().jti());
    assertThat(next.refreshToken()).isNotEqualTo(first.refreshToken());
    assertThat(next.token().refreshHash()).isEqualTo(next.refreshToken().hash());
  }

  @Test
  void repeatsTheSamePairWithinTheGrace() {
    Issuance next = rotated();
    bench.now = NOW.plusSeconds(10);

    RefreshDecision again = decide(used(NOW, next.token(), false));

    assertThat(again).isInstanceOf(RefreshDecision.Repeated.class);
    Issuance repeated = ((RefreshDecision.Repeated) again).issuance();
    assertThat(repeated.refreshToken()).isEqualTo(next.refreshToken());
    assertThat(repeated.accessToken()).isEqualTo(next.accessToken());
  }

  @Test
  void takesAUsedTokenAfterTheGraceForAReplay() {
    Issuance next = rotated();
    bench.now = NOW.plusSeconds(11);

    assertThat(decide(used(NOW, next.token(), false))).isInstanceOf(RefreshDecision.Replayed.class);
  }

  @Test
  void takesAUsedTokenForAReplayOnceItsSuccessorIsUsed() {
    assertThat(decide(used(NOW, rotated().token(), true)))
        .isInstanceOf(RefreshDecision.Replayed.class);
  }

  @Test
  void expiresAtTheMomentSetWhenTheFamilyBegan() {
    bench.now = NOW.plus(Duration.ofMinutes(15));

    assertThat(code(decide(unused()))).isEqualTo(ErrorCode.TOKEN_EXPIRED);
  }

  @Test
  void letsNoAccessTokenOutliveItsSession() {
    bench.now = NOW.plus(Duration.ofMinutes(14));

    assertThat(rotated().token().expiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
  }

  @Test
  void refusesAnEndedSession() {
    Family ended =
        new Family(
            first.session(), true, false, first.token(), Optional.empty(), Optional.empty(), false);

    assertThat(code(decide(ended))).isEqualTo(ErrorCode.TOKEN_REVOKED);
  }

  @Test
  void refusesWhatAnEntryKillsThatItsIssuerHadNotApplied() {
    revoke(RevocationKind.IDENTITY, "agent_c", 8);

    assertThat(code(decide(unused(), CHAIN, 8))).isEqualTo(ErrorCode.TOKEN_REVOKED);
  }

  @Test
  void refusesWhatDescendsFromARevokedCredential() {
    revoke(RevocationKind.CREDENTIAL, "ak_1", 8);

    assertThat(code(decide(unused(), CHAIN, 8))).isEqualTo(ErrorCode.TOKEN_REVOKED);
  }

  @Test
  void outlivesTheRevocationOfOneAccessToken() {
    revoke(RevocationKind.TOKEN, first.token().jti(), 8);

    assertThat(decide(unused(), CHAIN, 8)).isInstanceOf(RefreshDecision.Rotated.class);
  }

  @Test
  void refusesASuspendedIdentity() {
    assertThat(code(decide(unused(), chain(is(Status.suspended, "agent_c")), 7)))
        .isEqualTo(ErrorCode.IDENTITY_SUSPENDED);
  }

  @Test
  void keepsOnlyWhatIsStillGranted() {
    RefreshDecision decision = decide(unused(), chain(active("agent_c", "a:b:read")), 7);

    assertThat(((RefreshDecision.Rotated) decision).issuance().session().scopes())
        .containsExactly("a:b:read");
  }

  @Test
  void isNarrowedByADenyForAsLongAsThatLasts() {
    bench.denials.add(
        new DenyRule("pol_1", ScopeSet.of(List.of("a:b:write")), null, null, List.of()));

    RefreshDecision.Rotated denied = (RefreshDecision.Rotated) decide(unused());

    assertThat(denied.issuance().session().scopes()).containsExactly("a:b:read");
    assertThat(denied.family().scopes()).containsExactly("a:b:read", "a:b:write");
    RefreshDecision again = decide(used(NOW, denied.issuance().token(), false));
    assertThat(((RefreshDecision.Repeated) again).issuance().accessToken())
        .isEqualTo(denied.issuance().accessToken());
  }

  @Test
  void gainsNothingFromWiderGrants() {
    RefreshDecision decision = decide(unused(), chain(active("agent_c", "*")), 7);

    assertThat(((RefreshDecision.Rotated) decision).issuance().session().scopes())
        .containsExactly("a:b:read", "a:b:write");
  }

  @Test
  void refusesWhenNothingIsGrantedAnyMore() {
    assertThat(code(decide(unused(), chain(active("agent_c", "x:y:z")), 7)))
        .isEqualTo(ErrorCode.INSUFFICIENT_SCOPE);
  }
}
