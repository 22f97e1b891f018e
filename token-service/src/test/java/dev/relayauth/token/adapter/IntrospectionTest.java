package dev.relayauth.token.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class IntrospectionTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
    agent = service.world.agent(service.org, "stripe:orders:read");
    pair = service.pair(agent);
    token = pair.getString("accessToken");
  }

  private IdentityState agent;
  private JsonPath pair;
  private String token;

  @Test
  void tellsTheClaims() {
    service
        .as(service.admin)
        .get("/v1/tokens/introspect?token=" + token)
        .then()
        .statusCode(200)
        .body("sub", equalTo(agent.id()))
        .body("sid", equalTo(pair.getString("sessionId")))
        .body("scope", equalTo("stripe:orders:read"))
        .body("token_type", equalTo("access"));
  }

  @Test
  void answersNullForWhatIsNoTokenOfOurs() {
    for (String other :
        List.of("x", token + "x", "relay_xx_" + token, "relay_ag_" + token, service.admin)) {
      String body =
          service
              .as(service.admin)
              .queryParam("token", other)
              .get("/v1/tokens/introspect")
              .then()
              .statusCode(200)
              .extract()
              .asString();
      assertThat(body).isEqualTo("null");
    }
  }

  @Test
  void answersAFormAsRfc7662Says() {
    asked(token)
        .body("active", equalTo(true))
        .body("sub", equalTo(agent.id()))
        .body("token_type", equalTo("Bearer"));
    asked("x").body("active", equalTo(false)).body("size()", equalTo(1));
  }

  @Test
  void saysOfATokenThatIsBoundToAKeyHowItIsPresented() {
    String bound =
        OAuth.form("grant_type", "refresh_token", "refresh_token", pair.getString("refreshToken"))
            .header("DPoP", OAuth.proof(OAuth.possession(), "POST", "/oauth/token"))
            .post("/oauth/token")
            .then()
            .statusCode(200)
            .extract()
            .path("access_token");

    asked(bound).body("active", equalTo(true)).body("token_type", equalTo("DPoP"));
  }

  private ValidatableResponse asked(String about) {
    return OAuth.form("token", about)
        .header("x-api-key", service.admin)
        .post("/v1/tokens/introspect")
        .then()
        .statusCode(200);
  }

  @Test
  void knowsNoOtherTenantsToken() {
    Service other = Service.ready();

    String body = other.as(other.admin).get("/v1/tokens/introspect?token=" + token).asString();

    assertThat(body).isEqualTo("null");
  }

  @Test
  void answersNullOnceRevoked() {
    String jti = (String) Service.claims(token).get("jti");
    service.world.revoke(service.org, RevocationKind.TOKEN, jti, false);

    await()
        .untilAsserted(
            () ->
                assertThat(
                        service
                            .as(service.admin)
                            .get("/v1/tokens/introspect?token=" + token)
                            .asString())
                    .isEqualTo("null"));
  }

  @Test
  void needsATokenAndAScope() {
    service.as(service.admin).get("/v1/tokens/introspect").then().statusCode(400);
    String creator = service.apiKey("relayauth:token:create");
    service
        .as(creator)
        .get("/v1/tokens/introspect?token=" + token)
        .then()
        .statusCode(403)
        .body("required", equalTo("relayauth:token:read"));
  }

  @Test
  void validatesAgainstScopes() {
    service
        .as(service.admin)
        .body(Map.of("token", token, "requiredScopes", List.of("stripe:orders:read")))
        .post("/v1/tokens/validate")
        .then()
        .statusCode(200)
        .body("valid", equalTo(true))
        .body("claims.sub", equalTo(agent.id()))
        .body("missingScopes", nullValue());
    service
        .as(service.admin)
        .body(
            Map.of(
                "token",
                token,
                "requiredScopes",
                List.of("stripe:orders:read", "stripe:orders:approve")))
        .post("/v1/tokens/validate")
        .then()
        .statusCode(200)
        .body("valid", equalTo(false))
        .body("missingScopes", contains("stripe:orders:approve"));
    service
        .as(service.admin)
        .body(Map.of("token", "x"))
        .post("/v1/tokens/validate")
        .then()
        .statusCode(200)
        .body("valid", equalTo(false))
        .body("$", hasKey("claims"))
        .body("claims", nullValue());
  }

  @Test
  void answersTheShortWayAsTheLongOne() {
    List<String> bodies =
        List.of(
            Service.json(Map.of("token", token)),
            Service.json(Map.of("token", token, "requiredScopes", List.of("a:b:c"))),
            Service.json(Map.of("token", token, "required_scopes", List.of("a:b:c"))),
            Service.json(Map.of("token", "x")),
            Service.json(Map.of("token", token, "requiredScopes", List.of("no scope"))),
            "{\"token\":1}",
            "{",
            "{}",
            "null");

    assertThat(bodies)
        .allSatisfy(
            body -> {
              // The first use of a key goes the long way, where it is put on record.
              String key = service.apiKey("*");
              Response asked = validate(body, key);
              Response again = validate(body, key);
              assertThat(again.statusCode()).isEqualTo(asked.statusCode());
              assertThat(withoutRequestId(again)).isEqualTo(withoutRequestId(asked));
            });
    assertThat(validate(bodies.get(0), service.apiKey("relayauth:token:create")))
        .extracting(Response::statusCode)
        .isEqualTo(403);
  }

  private Response validate(String body, String key) {
    return service.as(key).body(body).post("/v1/tokens/validate");
  }

  private static String withoutRequestId(Response answer) {
    return answer.asString().replaceAll("req_[A-Za-z0-9_-]+", "req");
  }

  @Test
  void putsTheUseOfACredentialOnRecordWhenItAsksByPost() {
    String key = service.apiKey("relayauth:token:read");

    validate(Service.json(Map.of("token", token)), key);

    assertThat(
            AuditTopic.await(
                    entry ->
                        entry.record().orgId().equals(service.org)
                            && entry.record().action().equals("token.validated")
                            && "POST /v1/tokens/validate"
                                .equals(entry.record().metadata().get("route")))
                .record()
                .metadata())
        .containsKey("apiKeyId");
  }
}
