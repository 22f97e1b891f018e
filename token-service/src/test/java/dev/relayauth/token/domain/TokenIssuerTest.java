package dev.relayauth.token.domain;

import static dev.relayauth.token.domain.Agents.NOW;
import static dev.relayauth.token.domain.Agents.active;
import static dev.relayauth.token.domain.Agents.chain;
import static dev.relayauth.token.domain.Agents.ending;
import static dev.relayauth.token.domain.Agents.is;
import static dev.relayauth.token.domain.Agents.issuerScoped;
import static dev.relayauth.token.domain.Agents.withRoles;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.event.IdentityState.Status;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Claims;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Credential;
import dev.relayauth.token.domain.issuing.DenyRule;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssueRequest;
import dev.relayauth.token.domain.issuing.Outcome;
import dev.relayauth.token.domain.issuing.Refusal;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenIssuerTest {
  private static final Credential ALL = new Credential(ScopeSet.of(List.of("*")), List.of("ak_1"));

  private final Bench bench = new Bench();

  private Outcome<Issuance> issue(IssueRequest request, Chain chain, Credential credential) {
    return issue(request, chain, credential, OrganizationSettings.DEFAULTS);
  }

  private Outcome<Issuance> issue(
      IssueRequest request, Chain chain, Credential credential, OrganizationSettings settings) {
    return bench.issuer.issue(
        request,
        new TokenIssuer.Basis(chain, credential, settings, bench.signer, 7, Optional.empty()));
  }

  private static IssueRequest scopes(String... scopes) {
    return new IssueRequest(
        Optional.of(ScopeSet.of(Arrays.asList(scopes))),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static IssueRequest nothingNamed() {
    return new IssueRequest(Optional.empty(), List.of(), Optional.empty(), Optional.empty());
  }

  private static IssueRequest lifetimes(Duration access, Duration refresh) {
    return new IssueRequest(
        Optional.empty(), List.of(), Optional.ofNullable(access), Optional.ofNullable(refresh));
  }

  private static IssueRequest audience(String... audience) {
    return new IssueRequest(
        Optional.empty(), Arrays.asList(audience), Optional.empty(), Optional.empty());
  }

  private static Issuance issued(Outcome<Issuance> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    return ((Outcome.Accepted<Issuance>) outcome).value();
  }

  private static Refusal refusal(Outcome<Issuance> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused<Issuance>) outcome).refusal();
  }

  @Test
  void givesAllEffectiveGrantsWhenNoneAreNamed() {
    Chain chain = chain(active("agent_p", "a:b:*", "c:d:read"), active("agent_c", "a:b:read"));

    assertThat(issued(issue(nothingNamed(), chain, ALL)).session().scopes())
        .containsExactly("a:b:read");
  }

  @Test
  void refusesWhatAnAncestorLacks() {
    Chain chain = chain(active("agent_p", "a:b:read"), active("agent_c", "a:b:*"));

    Refusal refusal = refusal(issue(scopes("a:b:write"), chain, ALL));

    assertThat(refusal.code()).isEqualTo(ErrorCode.INSUFFICIENT_SCOPE);
    assertThat(refusal.members())
        .containsEntry("required", "a:b:write")
        .containsEntry("actual", List.of("a:b:read"));
  }

  @Test
  void refusesWhatTheCredentialLacksEvenWhenNothingIsNamed() {
    Credential narrow = new Credential(ScopeSet.of(List.of("a:b:read")), List.of("ak_1"));

    Refusal refusal =
        refusal(issue(nothingNamed(), chain(active("agent_c", "a:b:read", "a:b:write")), narrow));

    assertThat(refusal.code()).isEqualTo(ErrorCode.INSUFFICIENT_SCOPE);
    assertThat(refusal.members()).containsEntry("required", "a:b:write");
  }

  @Test
  void takesWildcardsOfARequestLiterally() {
    assertThat(refusal(issue(scopes("a:b:*"), chain(active("agent_c", "a:b:read")), ALL)).code())
        .isEqualTo(ErrorCode.INSUFFICIENT_SCOPE);
  }

  @Test
  void givesAScopelessIdentityExactlyWhatItsIssuerNames() {
    Issuance issuance =
        issued(issue(scopes("stripe:orders:read"), chain(issuerScoped("agent_c")), ALL));

    assertThat(issuance.session().scopes()).containsExactly("stripe:orders:read");
    assertThat(issuance.session().audience()).containsExactly("stripe");
  }

  @Test
  void wantsScopesNamedForAScopelessIdentity() {
    assertThat(refusal(issue(nothingNamed(), chain(issuerScoped("agent_c")), ALL)).code())
        .isEqualTo(ErrorCode.VALIDATION_FAILED);
  }

  @Test
  void boundsAScopelessChildByItsParent() {
    Chain chain = chain(active("agent_p", "a:b:read"), issuerScoped("agent_c"));

    assertThat(refusal(issue(scopes("a:b:write"), chain, ALL)).code())
        .isEqualTo(ErrorCode.INSUFFICIENT_SCOPE);
  }

  @Test
  void takesAScopelessParentForNoBoundary() {
    Chain chain = chain(issuerScoped("agent_p"), active("agent_c", "a:b:read"));

    assertThat(issued(issue(nothingNamed(), chain, ALL)).session().scopes())
        .containsExactly("a:b:read");
  }

  @Test
  void refusesAnIdentityWithEmptyGrants() {
    assertThat(refusal(issue(nothingNamed(), chain(active("agent_c")), ALL)).code())
        .isEqualTo(ErrorCode.INSUFFICIENT_SCOPE);
  }

  @ParameterizedTest
  @CsvSource({
    "suspended,IDENTITY_SUSPENDED",
    "retired,IDENTITY_RETIRED",
    "deleted,IDENTITY_NOT_FOUND"
  })
  void refusesAnIdentityThatIsNotActive(Status status, ErrorCode code) {
    assertThat(refusal(issue(nothingNamed(), chain(is(status, "agent_c")), ALL)).code())
        .isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "suspended,IDENTITY_SUSPENDED",
    "retired,IDENTITY_RETIRED",
    "deleted,IDENTITY_RETIRED"
  })
  void refusesADescendantOfOneThatIsNotActive(Status status, ErrorCode code) {
    Chain chain = chain(is(status, "agent_p"), active("agent_c", "a:b:c"));

    assertThat(refusal(issue(nothingNamed(), chain, ALL)).code()).isEqualTo(code);
  }

  @Test
  void endsWithTheFirstOfTheChain() {
    Chain chain =
        chain(
            ending("agent_p", NOW.plusSeconds(90), "a:b:c"),
            ending("agent_c", NOW.plusSeconds(500), "a:b:c"));

    Issuance issuance = issued(issue(nothingNamed(), chain, ALL));

    assertThat(issuance.token().expiresAt()).isEqualTo(NOW.plusSeconds(90));
    assertThat(issuance.session().refreshExpiresAt()).isEqualTo(NOW.plusSeconds(90));
  }

  @Test
  void endsWithTheTokenThatIssuedIt() {
    Credential bearer =
        Credential.until(NOW.plusSeconds(90), ScopeSet.of(List.of("*")), List.of("tok_1"));

    Issuance issuance = issued(issue(nothingNamed(), chain(active("agent_c", "a:b:c")), bearer));

    assertThat(issuance.token().expiresAt()).isEqualTo(NOW.plusSeconds(90));
    assertThat(issuance.session().refreshExpiresAt()).isEqualTo(NOW.plusSeconds(90));
    assertThat(issuance.session().expiresAt()).isEqualTo(NOW.plusSeconds(90));
  }

  @Test
  void endsWithTheKeyThatIssuedIt() {
    Credential key =
        new Credential(
            ScopeSet.of(List.of("*")), List.of("ak_1"), Optional.of(NOW.plusSeconds(75)));

    Issuance granted = issued(issue(scopes("a:b:c"), chain(issuerScoped("agent_n")), key));
    Issuance standing = issued(issue(scopes("a:b:c"), chain(active("agent_s", "a:b:c")), key));

    for (Issuance issuance : List.of(granted, standing)) {
      assertThat(issuance.token().expiresAt()).isEqualTo(NOW.plusSeconds(75));
      assertThat(issuance.session().refreshExpiresAt()).isEqualTo(NOW.plusSeconds(75));
      assertThat(issuance.session().expiresAt()).isEqualTo(NOW.plusSeconds(75));
    }
  }

  @Test
  void refusesAnIdentityPastItsEnd() {
    Chain chain = chain(ending("agent_c", NOW, "a:b:c"));

    assertThat(refusal(issue(nothingNamed(), chain, ALL)).code())
        .isEqualTo(ErrorCode.IDENTITY_RETIRED);
  }

  @Test
  void livesAnHourAndRefreshesADayByDefault() {
    Issuance issuance = issued(issue(nothingNamed(), chain(active("agent_c", "a:b:c")), ALL));

    assertThat(issuance.token().expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    assertThat(issuance.session().refreshExpiresAt()).isEqualTo(NOW.plus(Duration.ofDays(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT59S", "PT24H1S", "PT0S", "PT-1H"})
  void refusesAnAccessLifetimeOutOfRange(Duration access) {
    assertThat(
            refusal(issue(lifetimes(access, null), chain(active("agent_c", "a:b:c")), ALL)).code())
        .isEqualTo(ErrorCode.VALIDATION_FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT60S", "PT24H"})
  void takesAnAccessLifetimeAtItsBounds(Duration access) {
    Issuance issuance =
        issued(issue(lifetimes(access, null), chain(active("agent_c", "a:b:c")), ALL));

    assertThat(issuance.token().expiresAt()).isEqualTo(NOW.plus(access));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "P30DT1S", "PT-5S"})
  void refusesARefreshLifetimeOutOfRange(Duration refresh) {
    assertThat(
            refusal(issue(lifetimes(null, refresh), chain(active("agent_c", "a:b:c")), ALL)).code())
        .isEqualTo(ErrorCode.VALIDATION_FAILED);
  }

  @Test
  void keepsToTheLifetimesOfTheOrganisation() {
    OrganizationSettings settings =
        new OrganizationSettings(null, 600L, 7200L, null, null, null, null, null);
    Chain chain = chain(active("agent_c", "a:b:c"));

    Issuance issuance = issued(issue(nothingNamed(), chain, ALL, settings));
    Refusal refusal =
        refusal(issue(lifetimes(Duration.ofSeconds(601), null), chain, ALL, settings));

    assertThat(issuance.token().expiresAt()).isEqualTo(NOW.plusSeconds(600));
    assertThat(issuance.session().refreshExpiresAt()).isEqualTo(NOW.plusSeconds(7200));
    assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
  }

  @Test
  void addressesThePlanesOfTheScopes() {
    Chain chain = chain(active("agent_c", "stripe:orders:read", "*", "stripe:orders:write"));

    assertThat(issued(issue(nothingNamed(), chain, ALL)).session().audience())
        .containsExactly("stripe", "relayauth");
  }

  @ParameterizedTest
  @ValueSource(strings = {"github", "*", "", "Stripe", "https://x.example"})
  void refusesAnAudienceThatIsNoPlaneOfTheScopes(String audience) {
    assertThat(
            refusal(issue(audience(audience), chain(active("agent_c", "stripe:orders:read")), ALL))
                .code())
        .isEqualTo(ErrorCode.VALIDATION_FAILED);
  }

  @Test
  void takesAnAudienceOutOfThePlanes() {
    Chain chain = chain(active("agent_c", "stripe:orders:read", "github:repo:read"));

    assertThat(issued(issue(audience("github"), chain, ALL)).session().audience())
        .containsExactly("github");
  }

  @ParameterizedTest
  @CsvSource({
    "IDENTITY,agent_p,IDENTITY_SUSPENDED",
    "SPONSOR,user_jane,IDENTITY_SUSPENDED",
    "ORGANIZATION,org_a,IDENTITY_SUSPENDED",
    "CREDENTIAL,ak_1,TOKEN_REVOKED"
  })
  void mintsNothingThatAClosedEntryKills(RevocationKind kind, String id, ErrorCode code) {
    bench.revocations.apply(new RevocationEntry("org_a", kind, id, 5, true, NOW.plusSeconds(9999)));
    Chain chain = chain(active("agent_p", "a:b:c"), active("agent_c", "a:b:c"));

    assertThat(refusal(issue(nothingNamed(), chain, ALL)).code()).isEqualTo(code);
  }

  @Test
  void mintsAfterAnOpenEntryThatItHasApplied() {
    bench.revocations.apply(
        new RevocationEntry(
            "org_a", RevocationKind.IDENTITY, "agent_c", 5, false, NOW.plusSeconds(9999)));

    Issuance issuance = issued(issue(nothingNamed(), chain(active("agent_c", "a:b:c")), ALL));

    assertThat(issuance.token().rev()).isEqualTo(7);
  }

  @Test
  void refusesATokenNoVerifierWouldRead() {
    String[] many = new String[900];
    Arrays.setAll(many, i -> "plane:resource:read:/some/rather/long/path/number/" + i);

    Refusal refusal = refusal(issue(scopes(many), chain(issuerScoped("agent_c")), ALL));

    assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
  }

  @Test
  void refusesACredentialThatDescendsFromTooMany() {
    Credential deep =
        new Credential(
            ScopeSet.of(List.of("*")), Collections.nCopies(Claims.MAX_LINEAGE + 1, "tok_x"));

    assertThat(refusal(issue(nothingNamed(), chain(active("agent_c", "a:b:c")), deep)).code())
        .isEqualTo(ErrorCode.DELEGATION_DEPTH_EXCEEDED);
  }

  @Test
  void showsNoSecretInItsText() {
    Issuance issuance = issued(issue(nothingNamed(), chain(active("agent_c", "a:b:c")), ALL));

    assertThat(issuance.toString() + issuance.refreshToken() + issuance.token())
        .doesNotContain(issuance.accessToken())
        .doesNotContain(issuance.refreshToken().text())
        .doesNotContain(issuance.token().refreshHash());
  }

  @Test
  void countsTheScopesOfRolesAsGrants() {
    bench.roles.put("role_reader", List.of("a:b:read"));
    Chain chain = chain(withRoles(active("agent_c"), "role_reader", "role_gone"));

    assertThat(issued(issue(nothingNamed(), chain, ALL)).session().scopes())
        .containsExactly("a:b:read");
  }

  @Test
  void holdsTheScopesOfRolesWithinTheAncestors() {
    bench.roles.put("role_all", List.of("a:b:*"));
    Chain chain = chain(active("agent_p", "a:b:read"), withRoles(active("agent_c"), "role_all"));

    assertThat(refusal(issue(scopes("a:b:write"), chain, ALL)).code())
        .isEqualTo(ErrorCode.INSUFFICIENT_SCOPE);
  }

  @Test
  void countsTheScopesOfAnAncestorsRoles() {
    bench.roles.put("role_reader", List.of("a:b:read"));
    Chain chain = chain(withRoles(active("agent_p"), "role_reader"), active("agent_c", "a:b:*"));

    assertThat(issued(issue(scopes("a:b:read"), chain, ALL)).session().scopes())
        .containsExactly("a:b:read");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"-,-", "ws_prod,-", "-,agent_c", "-,agent_p", "ws_prod,agent_p"})
  void refusesWhatAPolicyDenies(String workspace, String identity) {
    bench.denials.add(
        new DenyRule("pol_1", ScopeSet.of(List.of("a:b:*")), workspace, identity, List.of()));
    Chain chain = chain(active("agent_p", "*"), active("agent_c", "a:b:*", "a:c:read"));

    Refusal refusal = refusal(issue(scopes("a:c:read", "a:b:read"), chain, ALL));

    assertThat(refusal.code()).isEqualTo(ErrorCode.INSUFFICIENT_SCOPE);
    assertThat(refusal.members())
        .containsEntry("required", "a:b:read")
        .containsEntry("actual", List.of("a:c:read"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"ws_other,-,a:b:*", "-,agent_other,a:b:*", "-,-,a:b:write", "-,-,a:b:read:/x/*"})
  void issuesWhatAPolicyDoesNotDenyWhole(String workspace, String identity, String denied) {
    bench.denials.add(
        new DenyRule("pol_1", ScopeSet.of(List.of(denied)), workspace, identity, List.of()));

    assertThat(
            issued(issue(scopes("a:b:read"), chain(active("agent_c", "a:b:*")), ALL))
                .session()
                .scopes())
        .containsExactly("a:b:read");
  }

  @Test
  void leavesOutWhatIsDeniedWhenNothingIsNamed() {
    bench.denials.add(
        new DenyRule("pol_1", ScopeSet.of(List.of("a:b:read")), null, null, List.of()));

    assertThat(
            issued(issue(nothingNamed(), chain(active("agent_c", "a:b:read", "a:c:read")), ALL))
                .session()
                .scopes())
        .containsExactly("a:c:read");
    assertThat(refusal(issue(nothingNamed(), chain(active("agent_c", "a:b:read")), ALL)).code())
        .isEqualTo(ErrorCode.INSUFFICIENT_SCOPE);
  }
}
