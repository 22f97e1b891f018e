package dev.relayauth.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.common.token.Actor;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever ends makes no key that doesn't. */
@QuarkusTest
class KeyEndsTest extends IdentityTestBase {
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final Instant SOON = NOW.plus(Duration.ofHours(1));
  private static final Instant LATER = NOW.plus(Duration.ofHours(2));

  @Test
  void aKeyThatAnExpiringKeyMakesEndsWithIt() {
    RequestSpecification caller = as(expiring(SOON));
    make(caller, null).statusCode(201).body("apiKey.expiresAt", equalTo(SOON.toString()));
    Instant sooner = NOW.plus(Duration.ofMinutes(5));
    make(caller, sooner).statusCode(201).body("apiKey.expiresAt", equalTo(sooner.toString()));
    make(caller, LATER)
        .statusCode(403)
        .body("code", equalTo("scope_escalation"))
        .body("detail", containsString("/expiresAt"))
        .body("detail", containsString(SOON.toString()));
    make(as(adminKey), null).statusCode(201).body("apiKey.expiresAt", nullValue());
  }

  @Test
  void aTokenOfAnExpiringKeyMakesNothingThatOutlivesTheKey() {
    String id = idOf(expiring(SOON));
    String service = identity("service", null);
    String token =
        world.sign(
            claims(service, List.of("user_jane", service), "*").lineage(List.of(id)).build());
    make(bearer(token), null).statusCode(201).body("apiKey.expiresAt", equalTo(SOON.toString()));
    make(bearer(token), LATER).statusCode(403);
  }

  @Test
  void aKeyThatAnAgentsBearerMakesEndsWithTheBearer() {
    String agent = identity("agent", null);
    String below =
        create(
                Map.of(
                    "name", "below", "type", "service", "sponsorId", agent, "scopes", List.of("*")))
            .statusCode(201)
            .extract()
            .path("id");
    String service = identity("service", null);
    List<String> chain = List.of("user_jane", agent);
    long exp = SOON.getEpochSecond();
    for (String token :
        List.of(
            world.sign(claims(agent, chain, "*").exp(exp).build()),
            world.sign(claims(below, List.of("user_jane", agent, below), "*").exp(exp).build()),
            world.sign(
                claims(service, List.of("user_jane", service), "*")
                    .exp(exp)
                    .act(new Actor(agent, chain, null))
                    .build()))) {
      make(bearer(token), null).statusCode(201).body("apiKey.expiresAt", equalTo(SOON.toString()));
      make(bearer(token), LATER).statusCode(403).body("code", equalTo("scope_escalation"));
    }
  }

  @Test
  void aPersonOrServiceMakesKeysThatOutliveItsBearerButNotItself() {
    for (String type : List.of("service", "human")) {
      make(bearer(tokenOf(identity(type, null))), null)
          .statusCode(201)
          .body("apiKey.expiresAt", nullValue());
      String token = tokenOf(identity(type, SOON));
      make(bearer(token), null).statusCode(201).body("apiKey.expiresAt", equalTo(SOON.toString()));
      make(bearer(token), LATER).statusCode(403).body("code", equalTo("scope_escalation"));
    }
  }

  @Test
  void aTokenWhoseActorsAreNamedMakesNoKeyThatNamesNone() {
    String service = identity("service", null);
    String token =
        world.sign(
            claims(service, List.of("user_jane", service), "*").mayAct(List.of("agent_b")).build());

    make(bearer(token), null).statusCode(403).body("code", equalTo("scope_escalation"));
    bearer(token)
        .body("{}")
        .post("/v1/api-keys/" + idOf(key("endless", "*")) + "/rotate")
        .then()
        .statusCode(403)
        .body("code", equalTo("scope_escalation"));
    Map<String, Object> maker = new HashMap<>();
    maker.put("actors", List.of(service));
    maker.put("isKey", false);
    maker.put("endsAt", SOON);
    maker.put("lineage", List.of());
    maker.put("mayAct", List.of("agent_b"));
    workspaceToken(maker, null).statusCode(201).body("apiKey.mayAct", equalTo(List.of("agent_b")));
  }

  @Test
  void anExpiringKeyRenewsNothingBeyondItself() {
    as(expiring(SOON))
        .body("{}")
        .post("/v1/api-keys/" + idOf(key("endless", "*")) + "/rotate")
        .then()
        .statusCode(201)
        .body("apiKey.expiresAt", equalTo(SOON.toString()));
  }

  @Test
  void aWorkspaceTokenEndsWithWhatMakesIt() {
    Map<String, Object> maker =
        Map.of("actors", List.of(), "isKey", true, "endsAt", SOON, "lineage", List.of());
    workspaceToken(maker, null).statusCode(201).body("apiKey.expiresAt", equalTo(SOON.toString()));
    workspaceToken(maker, LATER)
        .statusCode(403)
        .body("code", equalTo("scope_escalation"))
        .body("detail", containsString(SOON.toString()));
    String agent = identity("agent", null);
    Map<String, Object> bearer =
        Map.of("actors", List.of(agent), "isKey", false, "endsAt", SOON, "lineage", List.of());
    workspaceToken(bearer, null)
        .statusCode(201)
        .body("apiKey.expiresAt", equalTo(SOON.toString()))
        .body("apiKey.identityId", equalTo(agent));
  }

  private ValidatableResponse workspaceToken(Map<String, Object> maker, @Nullable Instant end) {
    Map<String, Object> body = new HashMap<>();
    body.put("orgId", org);
    body.put("kind", "workspace_token");
    body.put("name", "w");
    body.put("scopes", List.of("stripe:orders:read"));
    body.put("sponsorId", "user_jane");
    body.put("workspaceId", "ws_prod");
    body.put("expiresAt", end == null ? null : end.toString());
    Map<String, Object> told = new HashMap<>(maker);
    told.put("endsAt", String.valueOf(maker.get("endsAt")));
    body.put("maker", told);
    return given()
        .header("Authorization", "Bearer " + services.forCallee("identity"))
        .contentType(ContentType.JSON)
        .body(body)
        .post("/internal/v1/api-keys")
        .then();
  }

  private static ValidatableResponse make(RequestSpecification caller, @Nullable Instant end) {
    Map<String, Object> body = new HashMap<>();
    body.put("name", "made");
    body.put("scopes", List.of("stripe:orders:read"));
    if (end != null) {
      body.put("expiresAt", end.toString());
    }
    return caller.body(body).post("/v1/api-keys").then();
  }

  private String expiring(Instant end) {
    return as(adminKey)
        .body(Map.of("name", "brief", "scopes", List.of("*"), "expiresAt", end.toString()))
        .post("/v1/api-keys")
        .then()
        .statusCode(201)
        .extract()
        .path("key");
  }

  /** The id of a key. */
  private String idOf(String key) {
    return as(adminKey)
        .get("/v1/api-keys?limit=200")
        .then()
        .extract()
        .path("data.find { it.prefix == '" + key.substring(0, prefixLength()) + "' }.id");
  }

  private int prefixLength() {
    List<String> prefixes = as(adminKey).get("/v1/api-keys").path("data.prefix");
    return prefixes.getFirst().length();
  }

  private String identity(String type, @Nullable Instant end) {
    Map<String, Object> body = new HashMap<>();
    body.put("name", type + (end == null ? "" : "-brief"));
    body.put("type", type);
    body.put("sponsorId", "user_jane");
    body.put("scopes", List.of("*"));
    if (end != null) {
      body.put("expiresAt", end.toString());
    }
    return create(body).statusCode(201).extract().path("id");
  }

  private String tokenOf(String id) {
    return token(id, List.of("user_jane", id), "*");
  }
}
