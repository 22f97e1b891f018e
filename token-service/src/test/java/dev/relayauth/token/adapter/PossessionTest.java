package dev.relayauth.token.adapter;

import static dev.relayauth.token.adapter.OAuth.proof;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class PossessionTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private final SigningKey key = OAuth.possession();

  private String bound(IdentityState agent, String... scopes) {
    return OAuth.form(
            "grant_type",
            "client_credentials",
            "client_id",
            agent.id(),
            "client_secret",
            OAuth.secret(agent, scopes).key())
        .header("DPoP", proof(key, "POST", "/oauth/token"))
        .post("/oauth/token")
        .then()
        .statusCode(200)
        .body("token_type", equalTo("DPoP"))
        .extract()
        .path("access_token");
  }

  private static ValidatableResponse sessions(String scheme, String token, String... proofs) {
    var request = given().header("Authorization", scheme + " " + token);
    for (String proof : proofs) {
      request.header("DPoP", proof);
    }
    return request.get("/v1/sessions?identityId=agent_x").then();
  }

  @Test
  void bindsATokenThatOnlyItsHolderCanUse() {
    IdentityState agent = service.world.agent(service.org, "relayauth:token:read");
    String token = bound(agent, "relayauth:token:read");
    assertThat(Service.claims(token)).containsEntry("cnf", Map.of("jkt", key.kid()));

    String good = proof(key, "GET", "/v1/sessions", token);
    sessions("DPoP", token, good).statusCode(200);

    sessions("DPoP", token, good)
        .statusCode(401)
        .body("code", equalTo("invalid_dpop_proof"))
        .header("WWW-Authenticate", containsString("DPoP"));
    sessions("Bearer", token).statusCode(401).body("code", equalTo("invalid_token"));
    sessions("Bearer", token, proof(key, "GET", "/v1/sessions", token)).statusCode(401);
    sessions("DPoP", token).statusCode(401);
    sessions("DPoP", token, proof(OAuth.possession(), "GET", "/v1/sessions", token))
        .statusCode(401);
    sessions("DPoP", token, proof(key, "POST", "/v1/sessions", token)).statusCode(401);
    sessions("DPoP", token, proof(key, "GET", "/v1/tokens", token)).statusCode(401);
    sessions("DPoP", token, proof(key, "GET", "/v1/sessions")).statusCode(401);
    sessions("DPoP", token, proof(key, "GET", "/v1/sessions", "other")).statusCode(401);
    sessions(
            "DPoP",
            token,
            proof(key, "GET", "/v1/sessions", token),
            proof(key, "GET", "/v1/sessions", token))
        .statusCode(401);
  }

  @Test
  void challengesInTheSchemeThatTheTokenHas() {
    IdentityState agent = service.world.agent(service.org, "relayauth:scope:read");
    String token = bound(agent, "relayauth:scope:read");
    String plain = service.pair(agent).getString("accessToken");

    for (ValidatableResponse refused :
        List.of(
            sessions("DPoP", token, proof(OAuth.possession(), "GET", "/v1/sessions", token)),
            sessions("DPoP", plain, proof(key, "GET", "/v1/sessions", plain)),
            sessions("dpop", "x.y.z", proof(key, "GET", "/v1/sessions", "x.y.z")),
            sessions("Bearer", token))) {
      refused
          .statusCode(401)
          .body("code", equalTo("invalid_token"))
          .header("WWW-Authenticate", startsWith("DPoP realm=\"relayauth\""))
          .header("WWW-Authenticate", containsString("error=\"invalid_token\""))
          .header("WWW-Authenticate", containsString("algs=\"EdDSA"));
    }
    sessions("DPoP", token, proof(key, "GET", "/v1/sessions", token))
        .statusCode(403)
        .header("WWW-Authenticate", startsWith("DPoP realm="))
        .header("WWW-Authenticate", containsString("scope=\"relayauth:token:read\""));
    sessions("Bearer", plain)
        .statusCode(403)
        .header("WWW-Authenticate", startsWith("Bearer realm="));
    sessions("Bearer", "x.y.z")
        .statusCode(401)
        .header("WWW-Authenticate", startsWith("Bearer realm="));
    given().get("/v1/sessions").then().header("WWW-Authenticate", startsWith("Bearer realm="));
  }

  @Test
  void refusesAPlainTokenAsABoundOne() {
    String token =
        service
            .pair(service.world.agent(service.org, "relayauth:token:read"))
            .getString("accessToken");

    sessions("DPoP", token, proof(key, "GET", "/v1/sessions", token)).statusCode(401);
    sessions("Bearer", token).statusCode(200);
  }

  @Test
  void refusesABadProofAtTheTokenEndpoint() {
    OAuth.form("grant_type", "client_credentials")
        .header("DPoP", proof(key, "POST", "/oauth/revoke"))
        .post("/oauth/token")
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_dpop_proof"));
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    OAuth.form(
            "grant_type",
            "client_credentials",
            "client_id",
            agent.id(),
            "client_secret",
            OAuth.secret(agent, "*").key())
        .header("DPoP", proof(key, "POST", "/oauth/revoke"))
        .post("/oauth/token")
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_dpop_proof"));
  }

  @Test
  void bindsAFamilyFromTheRefreshThatProvesAKey() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    String first = service.pair(agent).getString("refreshToken");

    JsonPath next = refresh(first, key).statusCode(200).extract().jsonPath();

    assertThat(next.getString("token_type")).isEqualTo("DPoP");
    assertThat(OAuth.header(next.getString("access_token"))).containsEntry("typ", "at+jwt");
    String second = next.getString("refresh_token");
    // Neither without the key, nor with another, nor as a replay: and none of it kills the family.
    OAuth.token("grant_type", "refresh_token", "refresh_token", second)
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
    service.refresh(second).statusCode(401).body("code", equalTo("invalid_token"));
    refresh(second, OAuth.possession()).statusCode(400);
    service.refresh(first).statusCode(401).body("code", equalTo("invalid_token"));
    refresh(first, key).statusCode(200).body("refresh_token", equalTo(second));
    refresh(second, key).statusCode(200);
  }

  private static ValidatableResponse refresh(String token, SigningKey by) {
    return OAuth.form("grant_type", "refresh_token", "refresh_token", token)
        .header("DPoP", proof(by, "POST", "/oauth/token"))
        .post("/oauth/token")
        .then();
  }

  @Test
  void exchangesABoundTokenForWhoeverProvesItsKeyAlone() {
    String subject = bound(service.world.agent(service.org, "a:b:c"), "a:b:c");
    String actor = service.pair(service.world.agent(service.org, "a:b:c")).getString("accessToken");

    OAuth.exchange(subject, actor, "").statusCode(400).body("error", equalTo("invalid_request"));
    OAuth.exchangeForm(subject, actor)
        .header("DPoP", proof(key, "POST", "/oauth/token"))
        .post("/oauth/token")
        .then()
        .statusCode(200)
        .body("token_type", equalTo("DPoP"))
        .body("issued_token_type", equalTo(OAuth.ACCESS_TOKEN));
  }
}
