package dev.relayauth.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.Claims;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "revocation"))
class RevokeTokensTest {
  private static final String READ = "relayauth:revocation:read";

  private final Fixture fixture = new Fixture();

  private Claims claims(IdentityState agent) {
    return fixture.world.claims(agent, READ).rev(0).build();
  }

  private int statusOf(String token) {
    return Fixture.bearer(token).get("/v1/revocations").statusCode();
  }

  @Test
  void theServicesOwnVerifierDeniesABearerRevokedAMomentAgo() {
    IdentityState agent = fixture.world.agent(fixture.org);
    Claims claims = claims(agent);
    String token = fixture.world.sign(claims);
    fixture.knowsToken(claims.jti(), agent, claims.sid(), 0);
    assertThat(statusOf(token)).isEqualTo(200);

    fixture.revokeTokens(Map.of("tokenId", claims.jti())).statusCode(204);

    await().until(() -> statusOf(token) == 401);
    Fixture.bearer(token)
        .get("/v1/revocations")
        .then()
        .statusCode(401)
        .body("code", equalTo("token_revoked"));
  }

  @Test
  void aReadThatNamesTheRevisionIsDeniedAtOnce() {
    IdentityState agent = fixture.world.agent(fixture.org);
    Claims claims = claims(agent);
    fixture.knowsToken(claims.jti(), agent, claims.sid(), 0);
    String revision =
        fixture
            .revokeTokens(Map.of("session_id", claims.sid()))
            .statusCode(204)
            .header("Relay-Revision", notNullValue())
            .extract()
            .header("Relay-Revision");

    // The revision is awaited by a caller who is still good; from then on the set has the entry.
    fixture
        .admin()
        .header("Relay-Revision", revision)
        .get("/v1/revocations")
        .then()
        .statusCode(200);

    assertThat(statusOf(fixture.world.sign(claims))).isEqualTo(401);
  }

  @Test
  void revokingAnAgentKillsItsSubAgentsTokensAndSparesItsSponsors() {
    IdentityState parent = fixture.world.agent(fixture.org);
    IdentityState child = fixture.world.agent(fixture.org, parent);
    IdentityState other = fixture.world.agent(fixture.org);
    String childToken = fixture.world.sign(claims(child));
    String otherToken = fixture.world.sign(claims(other));

    fixture.revokeTokens(Map.of("identityId", parent.id())).statusCode(204);

    await().until(() -> statusOf(childToken) == 401);
    assertThat(statusOf(otherToken)).isEqualTo(200);
  }

  @Test
  void theIdOfAWorkspaceTokenKillsWhatItIssued() {
    IdentityState agent = fixture.world.agent(fixture.org);
    String workspaceToken = fixture.world.id(IdPrefix.API_KEY);
    fixture.knowsEntity("workspace_token", workspaceToken);
    String issued =
        fixture.world.sign(
            fixture.world.claims(agent, READ).rev(0).parentTokenId(workspaceToken).build());
    assertThat(statusOf(issued)).isEqualTo(200);

    fixture.revokeTokens(Map.of("tokenId", workspaceToken)).statusCode(204);

    await().until(() -> statusOf(issued) == 401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenId", "identityId", "sessionId"})
  void anUnknownIdIs404(String member) {
    String code =
        switch (member) {
          case "tokenId" -> "token_not_found";
          case "identityId" -> "identity_not_found";
          default -> "not_found";
        };

    fixture.revokeTokens(Map.of(member, "unknown_123")).statusCode(404).body("code", equalTo(code));
  }

  @Test
  void anotherTenantsAgentIs404AndStaysAlive() {
    Fixture foreign = new Fixture();
    IdentityState agent = foreign.world.agent(foreign.org);
    String token = foreign.world.sign(foreign.world.claims(agent, READ).rev(0).build());

    fixture.revokeTokens(Map.of("identityId", agent.id())).statusCode(404);

    assertThat(statusOf(token)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"tokenId\":",
        "{\"tokenId\":7}",
        "{\"tokenId\":\"a\",\"sessionId\":\"b\"}",
        "{\"tokenId\":\"a\",\"tokenId\":\"b\"}",
        ""
      })
  void aBodyThatNamesNotExactlyOneIdIs400(String body) {
    fixture
        .admin()
        .body(body)
        .post("/v1/tokens/revoke")
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "a/b", "%2e%2e", "tok_?x=1", " "})
  void anIdThatCouldBeNoIdNeverReachesAnotherService(String id) {
    fixture.revokeTokens(Map.of("tokenId", id)).statusCode(404);
  }

  @Test
  void anIdThatIsNoTextIs400() {
    fixture.revokeTokens(Map.of("tokenId", "tok_\u0000")).statusCode(400);
  }

  @Test
  void anOrganisationThatContradictsTheCredentialIs403() {
    fixture
        .revokeTokens(Map.of("identityId", "agent_x", "org_id", "org_other"))
        .statusCode(403)
        .body("code", equalTo("org_mismatch"));
  }

  @Test
  void needsCredentialsAndTheScope() {
    String reader = fixture.world.apiKey(fixture.org, "relayauth:token:read");

    RestAssured.given()
        .contentType("application/json")
        .body("{}")
        .post("/v1/tokens/revoke")
        .then()
        .statusCode(401)
        .body("code", equalTo("missing_authorization"));
    RestAssured.given()
        .header("x-api-key", reader)
        .contentType("application/json")
        .body("{}")
        .post("/v1/tokens/revoke")
        .then()
        .statusCode(403)
        .body("code", equalTo("insufficient_scope"))
        .body("required", equalTo("relayauth:token:manage"));
  }

  @Test
  void anyoneMayAskWhetherATokenIsRevoked() {
    IdentityState agent = fixture.world.agent(fixture.org);
    Claims claims = claims(agent);
    fixture.knowsToken(claims.jti(), agent, claims.sid(), 0);
    assertThat(isRevoked(claims.jti())).isFalse();

    fixture.revokeTokens(Map.of("identityId", agent.id())).statusCode(204);

    await().until(() -> isRevoked(claims.jti()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "sponsor", "workspace", "session"})
  void aTokenIsRevokedWithWhoeverAndWhateverStandsInItsLineage(String kind) {
    IdentityState agent = fixture.world.agent(fixture.org);
    IdentityState issuer = fixture.world.agent(fixture.org);
    String ancestor =
        switch (kind) {
          case "identity" -> issuer.id();
          case "sponsor" -> fixture.world.id(IdPrefix.SPONSOR);
          case "workspace" -> fixture.world.id(IdPrefix.WORKSPACE);
          default -> fixture.world.id(IdPrefix.SESSION);
        };
    fixture.knowsEntity(kind, ancestor);
    fixture.knowsToken(fixture.world.id(IdPrefix.TOKEN), issuer, ancestor, 0);
    Claims claims = claims(agent);
    fixture.knowsToken(claims.jti(), agent, claims.sid(), List.of(ancestor), 0);
    assertThat(isRevoked(claims.jti())).isFalse();

    fixture.revoke(Map.of("type", kind, "id", ancestor)).statusCode(201);

    await().until(() -> isRevoked(claims.jti()));
  }

  @Test
  void aTokenIssuedAfterTheEntryIsNotRevokedByIt() {
    IdentityState agent = fixture.world.agent(fixture.org);
    Claims later = claims(agent);
    fixture.knowsToken(later.jti(), agent, later.sid(), Long.MAX_VALUE);

    fixture.revokeTokens(Map.of("identityId", agent.id())).statusCode(204);

    assertThat(isRevoked(later.jti())).isFalse();
  }

  @Test
  void aTokenThatWeNeverIssuedIsNotRevokedAndAMalformedIdIs400() {
    assertThat(isRevoked(fixture.world.id(IdPrefix.TOKEN))).isFalse();
    RestAssured.given()
        .queryParam("jti", "../../x")
        .get("/v1/tokens/revocation")
        .then()
        .statusCode(400);
    RestAssured.given()
        .get("/v1/tokens/revocation")
        .then()
        .statusCode(400)
        .body("errors.pointer", equalTo(List.of("/jti")));
  }

  private static boolean isRevoked(String jti) {
    return RestAssured.given()
        .queryParam("jti", jti)
        .get("/v1/tokens/revocation")
        .then()
        .statusCode(200)
        .extract()
        .path("revoked");
  }
}
