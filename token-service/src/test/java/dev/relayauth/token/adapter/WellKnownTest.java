package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class WellKnownTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private static JsonPath document(String name) {
    return given()
        .get("/.well-known/" + name)
        .then()
        .statusCode(200)
        .header("Cache-Control", containsString("max-age"))
        .extract()
        .jsonPath();
  }

  /** Whether something of ours answers there: whatever it says, it isn't 404 or 405. */
  private static void answers(String url, String method) {
    assertThat(url).startsWith(World.ISSUER + "/");
    int status = given().request(method, url.substring(World.ISSUER.length())).statusCode();
    assertThat(status).as(method + " " + url).isNotIn(404, 405).isLessThan(500);
  }

  @Test
  void everyEndpointOfTheServerAnswers() {
    for (String name : List.of("oauth-authorization-server", "openid-configuration")) {
      JsonPath document = document(name);
      assertThat(document.getString("issuer")).isEqualTo(World.ISSUER);
      Map<String, Object> members = document.getMap("");
      members.forEach(
          (member, value) -> {
            if (member.endsWith("_endpoint")) {
              answers((String) value, "POST");
            }
          });
      answers(document.getString("jwks_uri"), "GET");
      assertThat(members)
          .doesNotContainKeys("authorization_endpoint", "code_challenge_methods_supported");
      assertThat(document.getList("response_types_supported")).isEmpty();
    }
  }

  @Test
  void everyGrantThatIsNamedIsOneAndNoOtherIs() {
    List<String> grants = document("oauth-authorization-server").getList("grant_types_supported");

    assertThat(grants)
        .containsExactlyInAnyOrder(
            "client_credentials", "refresh_token", OAuth.EXCHANGE, OAuth.JWT_BEARER);
    for (String grant : grants) {
      String error = OAuth.token("grant_type", grant).extract().path("error");
      assertThat(error).isNotEqualTo("unsupported_grant_type").isNotEmpty();
    }
  }

  @Test
  void whoVerifiesByTheOpenIdDocumentTakesTokensOfEveryAlgorithm() {
    JsonPath document = document("openid-configuration");
    List<String> signed = document.getList("id_token_signing_alg_values_supported");
    String keys = document.getString("jwks_uri").substring(World.ISSUER.length());

    assertThat(signed)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(SigningAlgorithm.values()).map(SigningAlgorithm::jwsName).toList())
        .containsAll(given().get(keys).<List<String>>path("keys.alg"));
    String token = service.pair(service.world.agent(service.org, "a:b:c")).getString("accessToken");
    assertThat(Service.claims(token)).containsEntry("iss", document.getString("issuer"));
    assertThat(given().get(keys).<List<String>>path("keys.kid"))
        .contains((String) OAuth.header(token).get("kid"));
  }

  @Test
  void ourApiIsAResourceThatTellsWhoIssuesItsTokens() {
    JsonPath document = document("oauth-protected-resource");

    assertThat(document.getString("resource")).isEqualTo(World.ISSUER);
    assertThat(document.getList("authorization_servers")).isEqualTo(List.of(World.ISSUER));
    given()
        .post("/v1/tokens")
        .then()
        .statusCode(401)
        .header(
            "WWW-Authenticate",
            containsString(World.ISSUER + "/.well-known/oauth-protected-resource"));
  }

  @Test
  void everyEndpointOfOursInTheAgentConfigurationAnswers() {
    JsonPath document = document("agent-configuration");
    assertThat(document.getString("issuer")).isEqualTo(World.ISSUER);
    answers(document.getString("jwks_uri"), "GET");
    JsonPath server = document("oauth-authorization-server");
    for (String member : List.of("token_endpoint", "grant_types_supported")) {
      assertThat(document.<Object>get(member)).as(member).isEqualTo(server.get(member));
    }
    answers(document.getString("oauth_authorization_server"), "GET");
    Map<String, Map<String, Object>> endpoints = document.getMap("endpoints");
    // The rest is the other services': the stack's tests call those.
    List<String> others = List.of("identities", "revoke", "authorize", "audit");
    endpoints.forEach(
        (name, endpoint) -> {
          if (!others.contains(name)) {
            ((List<?>) endpoint.get("methods"))
                .forEach(method -> answers((String) endpoint.get("url"), (String) method));
          }
        });
  }
}
