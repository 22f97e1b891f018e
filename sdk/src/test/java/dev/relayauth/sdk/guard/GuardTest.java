package dev.relayauth.sdk.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.sdk.DpopKey;
import dev.relayauth.sdk.Secret;
import dev.relayauth.sdk.verify.FakeIssuer;
import dev.relayauth.sdk.verify.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
  private static final ScopeTemplate FILE = new ScopeTemplate("relayfile:fs:read:/{path}");

  private FakeIssuer issuer;
  private Guard guard;

  @BeforeEach
  void start() throws IOException {
    issuer = new FakeIssuer();
    guard =
        Guard.local(
                TokenVerifier.builder()
                    .issuer(issuer.url())
                    .organization("org_acme")
                    .audience(List.of("stripe"))
                    .withoutRevocations()
                    .build())
            .describedBy("https://files.example/.well-known/oauth-protected-resource");
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Test
  void admitsWhoeverHasTheScopeOfThePath() {
    String token = issuer.token("relayfile:fs:read:/docs/*");

    assertThat(check("Bearer " + token, FILE, Map.of("path", "docs/a")))
        .isInstanceOf(Guard.Admitted.class);
    assertThat(check("bearer " + token, FILE, Map.of("path", "docs/a/b")))
        .isInstanceOf(Guard.Admitted.class);
  }

  @Test
  void saysWhichScopeIsMissing() {
    String token = issuer.token("relayfile:fs:read:/docs/*");

    Guard.Refused refused =
        (Guard.Refused) check("Bearer " + token, FILE, Map.of("path", "private/a"));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.challenge())
        .contains("error=\"insufficient_scope\"", "scope=\"relayfile:fs:read:/private/a\"")
        .contains("resource_metadata=\"https://files.example/.well-known/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "docs/*", "../docs/a", "docs/../../etc", "a:b", "docs/a b", "\\"})
  void letsNoParameterWidenTheScope(String path) {
    String token = issuer.token("relayfile:fs:read:/docs/*");

    Guard.Refused refused = (Guard.Refused) check("Bearer " + token, FILE, Map.of("path", path));

    assertThat(refused.status()).isEqualTo(403);
  }

  @Test
  void challengesWithoutAnErrorWhenNothingWasSent() {
    Guard.Refused refused = (Guard.Refused) check(null, FILE, Map.of("path", "docs/a"));

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.challenge()).startsWith("Bearer realm=").doesNotContain("error=");
  }

  @Test
  void refusesATokenThatIsNoneWithoutQuotingIt() {
    Guard.Refused refused =
        (Guard.Refused) check("Bearer se\"cret", FILE, Map.of("path", "docs/a"));

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.challenge()).contains("error=\"invalid_token\"");
    assertThat(refused.toString()).doesNotContain("se\"cret");
  }

  @Test
  void admitsABoundTokenWithAProofForThePublicAddress() {
    DpopKey key = DpopKey.generate();
    Secret token = new Secret(issuer.boundToken(key.thumbprint(), "relayfile:fs:read:/docs/*"));
    Guard behindAProxy = guard.reachedAt("https://files.example");
    String authorization = "DPoP " + token.value();
    String proof = key.proof("GET", URI.create("https://files.example/docs/a?x=1"), token);
    String elsewhere = key.proof("GET", URI.create("https://other.example/docs/a"), token);

    assertThat(behindAProxy.check(request(authorization, elsewhere), FILE, name -> "docs/a"))
        .isInstanceOfSatisfying(
            Guard.Refused.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(401);
              assertThat(refused.challenge())
                  .startsWith("DPoP realm=")
                  .contains("error=\"invalid_dpop_proof\"", "algs=\"")
                  .contains("resource_metadata=");
            });
    assertThat(behindAProxy.check(request(authorization, proof), FILE, name -> "docs/a"))
        .isInstanceOf(Guard.Admitted.class);
  }

  @Test
  void refusesABoundTokenAsABearer() {
    String token = issuer.boundToken(DpopKey.generate().thumbprint(), "relayfile:fs:read:/docs/*");

    Guard.Refused refused =
        (Guard.Refused) check("Bearer " + token, FILE, Map.of("path", "docs/a"));

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.challenge()).startsWith("DPoP ").contains("error=\"invalid_token\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"read:x", "read:/a", ":", "*", ""})
  void makesNoOtherScopeOfAParameterOutsideThePath(String action) {
    assertThat(new ScopeTemplate("stripe:orders:{action}").fill(name -> action)).isEmpty();
  }

  @Test
  void challengesWhoPresentsATokenAsBoundInThatScheme() {
    DpopKey key = DpopKey.generate();
    Secret bound = new Secret(issuer.boundToken(key.thumbprint(), "relayfile:fs:read:/docs/*"));
    Secret plain = new Secret(issuer.token("relayfile:fs:read:/docs/*"));

    assertThat(challenge(DpopKey.generate(), bound, "docs/a"))
        .startsWith("DPoP realm=")
        .contains("error=\"invalid_", "algs=\"EdDSA");
    for (Secret refused : List.of(plain, new Secret("x.y.z"))) {
      assertThat(challenge(key, refused, "docs/a"))
          .startsWith("DPoP realm=")
          .contains("error=\"invalid_token\"", "algs=\"EdDSA");
    }
    assertThat(challenge(key, bound, "private/a"))
        .startsWith("DPoP realm=")
        .contains("error=\"insufficient_scope\"", "scope=\"relayfile:fs:read:/private/a\"");
  }

  private String challenge(DpopKey key, Secret token, String path) {
    String proof = key.proof("GET", URI.create("https://files.example/docs/a"), token);
    return ((Guard.Refused)
            guard
                .reachedAt("https://files.example")
                .check(request("DPoP " + token.value(), proof), FILE, name -> path))
        .challenge();
  }

  @Test
  void fillsParametersAndRefusesATemplateThatIsNoScope() {
    assertThat(FILE.fill(Map.of("path", "docs/a")::get))
        .contains(Scope.parse("relayfile:fs:read:/docs/a"));
    assertThat(FILE.fill(name -> null)).isEmpty();
    assertThatThrownBy(() -> new ScopeTemplate("relayfile:{path}"))
        .isInstanceOf(InvalidScopeException.class);
  }

  private Guard.Outcome check(
      String authorization, ScopeTemplate scope, Map<String, String> parameters) {
    return guard.check(request(authorization), scope, parameters::get);
  }

  private static Guard.Request request(String authorization, String... proofs) {
    return new Guard.Request(authorization, List.of(proofs), "GET", "http://10.0.0.7:8080/docs/a");
  }
}
