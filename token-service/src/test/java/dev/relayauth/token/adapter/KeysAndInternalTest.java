package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.internal.ServiceTokens;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class KeysAndInternalTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  @Inject ServiceTokens services;

  @Test
  void publishesItsKeys() {
    given()
        .get("/.well-known/jwks.json")
        .then()
        .statusCode(200)
        .header("Cache-Control", containsString("max-age"))
        .body("keys.kty", hasItem("OKP"))
        .body("keys.use", everyItem(equalTo("sig")))
        .body("keys.alg", hasItem("EdDSA"))
        .body("keys.d", everyItem(nullValue()));
  }

  @Test
  void namesOnlyItsOwnIssuerInTheAgentConfiguration() {
    given()
        .get("/.well-known/agent-configuration")
        .then()
        .statusCode(200)
        .body("issuer", equalTo(World.ISSUER))
        .body("sponsor_required", equalTo(true))
        .body("jwks_uri", equalTo(World.ISSUER + "/.well-known/jwks.json"))
        .body("endpoints.tokens.methods", contains("POST"));
  }

  @Test
  void rotatesForTheOperatorAlone() {
    service.as(service.admin).body("{}").post("/v1/keys/rotate").then().statusCode(403);
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    String before = service.pair(agent).getString("accessToken");

    String kid =
        service
            .as(service.world.platformKey())
            .body("{}")
            .post("/v1/keys/rotate")
            .then()
            .statusCode(201)
            .body("status", anyOf(equalTo("pending"), equalTo("active")))
            .extract()
            .path("kid");

    given().get("/.well-known/jwks.json").then().body("keys.kid", hasItem(kid));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              String token = service.pair(agent).getString("accessToken");
              String header =
                  new String(
                      Base64.getUrlDecoder().decode(token.split("\\.")[0]), StandardCharsets.UTF_8);
              assertThat(header).contains(kid);
            });
    service
        .as(service.admin)
        .get("/v1/tokens/introspect?token=" + before)
        .then()
        .body("sub", equalTo(agent.id()));
    service
        .as(service.admin)
        .get("/v1/keys")
        .then()
        .statusCode(200)
        .body("data.find { it.kid == '" + kid + "' }.status", equalTo("active"));
  }

  @Test
  void tellsOtherServicesWhatWasIssued() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    JsonPath pair = service.pair(agent, "refreshTokenTtlSeconds", 7200);
    String jti = (String) Service.claims(pair.getString("accessToken")).get("jti");
    String kid = given().get("/.well-known/jwks.json").path("keys[0].kid");

    inside("/internal/v1/sessions/" + service.org + "/" + pair.getString("sessionId"))
        .statusCode(200)
        .body("sid", equalTo(pair.getString("sessionId")))
        .body("identityId", equalTo(agent.id()))
        .body("workspaceId", equalTo("ws_prod"))
        .body("expiresAt", equalTo(pair.getString("refreshTokenExpiresAt")))
        .body("sponsorChain", contains("user_jane", agent.id()));
    inside("/internal/v1/tokens/" + service.org + "/" + jti)
        .statusCode(200)
        .body("kid", equalTo(OAuth.header(pair.getString("accessToken")).get("kid")))
        .body("jti", equalTo(jti))
        .body("expiresAt", equalTo(pair.getString("accessTokenExpiresAt")));
    inside("/internal/v1/keys/" + kid).statusCode(200);
    inside("/internal/v1/tokens/org_other/" + jti).statusCode(404);
    inside("/internal/v1/sessions/org_other/" + pair.getString("sessionId")).statusCode(404);
    inside("/internal/v1/keys/unknown").statusCode(404);
  }

  @Test
  void tellsNobodyElse() {
    service.as(service.admin).get("/internal/v1/keys/x").then().statusCode(401);
  }

  private ValidatableResponse inside(String path) {
    return given().auth().oauth2(services.forCallee("token")).get(path).then();
  }
}
