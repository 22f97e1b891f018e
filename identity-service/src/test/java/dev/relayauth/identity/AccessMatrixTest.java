package dev.relayauth.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.revocation.RevocationKind;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Every route × every credential: what is not listed as allowed fails. */
@QuarkusTest
class AccessMatrixTest extends IdentityTestBase {
  private record Route(String method, String path, String scope, boolean platform) {}

  private static final String ORG = "{org}";
  private static final List<Route> ROUTES =
      List.of(
          new Route("POST", "/v1/organizations", "", true),
          new Route("GET", "/v1/organizations", "relayauth:organization:read", true),
          new Route("GET", "/v1/organizations/" + ORG, "relayauth:organization:read", true),
          new Route("PATCH", "/v1/organizations/" + ORG, "relayauth:organization:manage", true),
          new Route("POST", "/v1/workspaces", "relayauth:workspace:manage", false),
          new Route("GET", "/v1/workspaces", "relayauth:workspace:read", false),
          new Route("GET", "/v1/workspaces/ws_prod", "relayauth:workspace:read", false),
          new Route("PATCH", "/v1/workspaces/ws_prod", "relayauth:workspace:manage", false),
          new Route("POST", "/v1/sponsors", "relayauth:sponsor:manage", false),
          new Route("GET", "/v1/sponsors", "relayauth:sponsor:read", false),
          new Route("GET", "/v1/sponsors/user_jane", "relayauth:sponsor:read", false),
          new Route("PATCH", "/v1/sponsors/user_jane", "relayauth:sponsor:manage", false),
          new Route("POST", "/v1/identities", "relayauth:identity:manage", false),
          new Route("GET", "/v1/identities", "relayauth:identity:read", false),
          new Route("GET", "/v1/identities/agent_x", "relayauth:identity:read", false),
          new Route("PATCH", "/v1/identities/agent_x", "relayauth:identity:manage", false),
          new Route("DELETE", "/v1/identities/agent_x", "relayauth:identity:manage", false),
          new Route("POST", "/v1/identities/agent_x/suspend", "relayauth:identity:manage", false),
          new Route(
              "POST", "/v1/identities/agent_x/reactivate", "relayauth:identity:manage", false),
          new Route("POST", "/v1/identities/agent_x/retire", "relayauth:identity:manage", false),
          new Route(
              "POST", "/v1/identities/agent_x/sub-agents", "relayauth:identity:manage", false),
          new Route("GET", "/v1/identities/agent_x/sub-agents", "relayauth:identity:read", false),
          new Route("POST", "/v1/api-keys", "relayauth:api-key:manage", false),
          new Route("GET", "/v1/api-keys", "relayauth:api-key:read", false),
          new Route("POST", "/v1/api-keys/ak_x/revoke", "relayauth:api-key:manage", false));

  @Test
  void refusesEveryRouteWithoutAGoodCredential() {
    IdentityState bot = world.agent(org, "*");
    String revoked = world.token(bot, "*");
    world.revoke(org, RevocationKind.SESSION, sid(revoked), false);
    awaitStatus(revoked, 401);
    Map<String, String> bad =
        Map.of(
            "expired", world.sign(world.claims(bot, "*").exp(1_000_000_000).build()),
            "revoked", revoked,
            "wrong audience", world.sign(world.claims(bot, "*").aud(List.of("stripe")).build()),
            "wrong issuer", world.sign(world.claims(bot, "*").iss("https://evil.test").build()),
            "refresh type", world.sign(world.claims(bot, "*").tokenType("refresh").build()),
            "tampered", world.token(bot, "*") + "x",
            "unknown key", "rak_" + "A".repeat(49));
    List<String> wrong = new ArrayList<>();
    for (Route route : ROUTES) {
      expect(wrong, route, null, 401);
      bad.forEach((name, credential) -> expect(wrong, route, credential, 401));
      expect(wrong, route, world.token(bot, "stripe:orders:read"), 403);
      expect(wrong, route, narrowKey("stripe:orders:read"), 403);
      if (!route.platform()) {
        expect(wrong, route, world.platformKey(), 403);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void admitsExactlyTheScopeThatARouteNames() {
    IdentityState bot = world.agent(org, "*");
    List<String> wrong = new ArrayList<>();
    for (Route route : ROUTES) {
      if (!route.scope().isEmpty()) {
        int byToken = call(route, world.token(bot, route.scope()));
        int byKey = call(route, narrowKey(route.scope()));
        if (byToken == 401 || byToken == 403 || byToken >= 500) {
          wrong.add(route + " refused a bearer: " + byToken);
        }
        if (byKey == 401 || byKey == 403 || byKey >= 500) {
          wrong.add(route + " refused a key: " + byKey);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void hidesWhatBelongsToAnotherTenant() {
    String mine = agent("mine", "user_jane", "stripe:orders:read");
    String other = world.id(IdPrefix.ORGANIZATION);
    String foreigner = world.token(world.agent(other, "*"), "*");
    for (String path :
        List.of(
            "/v1/identities/" + mine,
            "/v1/sponsors/user_jane",
            "/v1/workspaces/ws_prod",
            "/v1/organizations/" + org)) {
      bearer(foreigner).get(path).then().statusCode(404);
      bearer(foreigner).body(Map.of("name", "stolen")).patch(path).then().statusCode(404);
    }
    bearer(foreigner).get("/v1/identities").then().statusCode(200).body("data.size()", is(0));
  }

  private static RequestSpecification bearer(String token) {
    return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
  }

  private void expect(List<String> wrong, Route route, String credential, int status) {
    int actual = call(route, credential);
    if (actual != status) {
      wrong.add(route.method() + " " + route.path() + " answered " + actual + ", not " + status);
    }
  }

  private int call(Route route, String credential) {
    var request = given().contentType(ContentType.JSON);
    if (credential != null) {
      request = request.header("Authorization", "Bearer " + credential);
    }
    if (!route.method().equals("GET")) {
      request = request.body("{}");
    }
    return request.request(route.method(), route.path().replace(ORG, org)).statusCode();
  }

  private final Map<String, String> keys = new java.util.HashMap<>();

  private String narrowKey(String scope) {
    return keys.computeIfAbsent(
        scope,
        s ->
            as(adminKey)
                .body(Map.of("name", "narrow", "scopes", List.of(s)))
                .post("/v1/api-keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key"));
  }

  private void awaitStatus(String token, int status) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                given()
                        .header("Authorization", "Bearer " + token)
                        .get("/v1/identities")
                        .statusCode()
                    == status);
  }

  private static String sid(String token) {
    String payload =
        new String(
            java.util.Base64.getUrlDecoder().decode(token.split("\\.")[1]),
            java.nio.charset.StandardCharsets.UTF_8);
    return io.restassured.path.json.JsonPath.from(payload).getString("sid");
  }
}
