package dev.relayauth.token.adapter;

import static dev.relayauth.token.adapter.OAuth.form;
import static dev.relayauth.token.adapter.OAuth.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class OAuthTokensTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private final List<String> revoked = new CopyOnWriteArrayList<>();

  private IdentityState agent() {
    service
        .world
        .peers()
        .on(
            "/internal/v1/revocations",
            call -> ClientAssertionTest.revocation(call.body(), revoked));
    return service.world.agent(service.org, "a:b:read", "a:b:write");
  }

  private static RequestSpecification by(IdentityState client, String... parameters) {
    return form(parameters)
        .auth()
        .preemptive()
        .basic(client.id(), OAuth.secret(client, "a:b:read").key());
  }

  private ValidatableResponse introspect(RequestSpecification request) {
    return request.post("/oauth/introspect").then();
  }

  @Test
  void refreshesAndNarrowsForGood() {
    JsonPath pair = service.pair(agent());

    JsonPath next =
        token(
                "grant_type",
                "refresh_token",
                "refresh_token",
                pair.getString("refreshToken"),
                "scope",
                "a:b:read")
            .statusCode(200)
            .body("scope", equalTo("a:b:read"))
            .body("token_type", equalTo("Bearer"))
            .extract()
            .jsonPath();

    String second = next.getString("refresh_token");
    token("grant_type", "refresh_token", "refresh_token", second, "scope", "a:b:write")
        .statusCode(400)
        .body("error", equalTo("invalid_scope"));
    token("grant_type", "refresh_token", "refresh_token", second)
        .statusCode(200)
        .body("scope", equalTo("a:b:read"));
    token("grant_type", "refresh_token", "refresh_token", "nonsense")
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
    token("grant_type", "refresh_token").body("error", equalTo("invalid_request"));
  }

  @Test
  void refreshesForTheClientItWasIssuedToAlone() {
    IdentityState agent = agent();
    String refresh = service.pair(agent).getString("refreshToken");

    by(agent(), "grant_type", "refresh_token", "refresh_token", refresh)
        .post("/oauth/token")
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
    by(agent, "grant_type", "refresh_token", "refresh_token", refresh)
        .post("/oauth/token")
        .then()
        .statusCode(200);
  }

  private JsonPath pairFor(IdentityState agent, String... audience) {
    return service.pair(agent, "audience", List.of(audience));
  }

  private static Object audience(JsonPath answer) {
    return Service.claims(answer.getString("access_token")).get("aud");
  }

  private static String[] refreshOf(String refresh, String... more) {
    return Stream.concat(
            Stream.of("grant_type", "refresh_token", "refresh_token", refresh), Stream.of(more))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource({"resource," + World.ISSUER, "audience,relayauth", "audience,elsewhere"})
  void refreshesForNobodyWhomTheFamilyIsNotFor(String parameter, String target) {
    String refresh = pairFor(agent(), "a").getString("refreshToken");

    token(refreshOf(refresh, parameter, target))
        .statusCode(400)
        .body("error", equalTo("invalid_target"));
    token(refreshOf(refresh, "audience", "a")).statusCode(200);
    token(refreshOf(refresh, parameter, target))
        .statusCode(400)
        .body("error", equalTo("invalid_target"));
  }

  @Test
  void narrowsTheAudienceForGood() {
    String refresh = pairFor(agent(), "a", "relayauth").getString("refreshToken");
    String[] narrowing = refreshOf(refresh, "resource", World.ISSUER);

    JsonPath narrowed = token(narrowing).statusCode(200).extract().jsonPath();
    JsonPath again = token(narrowing).statusCode(200).extract().jsonPath();
    String second = narrowed.getString("refresh_token");

    assertThat(audience(narrowed)).isEqualTo(List.of("relayauth"));
    assertThat(again.getString("refresh_token")).isEqualTo(second);
    assertThat(audience(again)).isEqualTo(List.of("relayauth"));
    token(refreshOf(second, "audience", "a"))
        .statusCode(400)
        .body("error", equalTo("invalid_target"));
    assertThat(audience(token(refreshOf(second)).statusCode(200).extract().jsonPath()))
        .isEqualTo(List.of("relayauth"));
  }

  @Test
  void needsTheAuthenticationOfAClientThatRefreshedWithIt() {
    IdentityState agent = agent();
    String first = service.pair(agent).getString("refreshToken");
    String second =
        by(agent, refreshOf(first))
            .post("/oauth/token")
            .then()
            .statusCode(200)
            .extract()
            .path("refresh_token");

    for (String refresh : List.of(first, second)) {
      token(refreshOf(refresh)).statusCode(401).body("error", equalTo("invalid_client"));
      service.refresh(refresh).statusCode(401).body("code", equalTo("missing_authorization"));
    }
    by(agent, refreshOf(first))
        .post("/oauth/token")
        .then()
        .statusCode(200)
        .body("refresh_token", equalTo(second));
    by(agent, refreshOf(second)).post("/oauth/token").then().statusCode(200);
  }

  @Test
  void tellsAClientAboutItsOwnTokensOnly() {
    IdentityState agent = agent();
    JsonPath pair = service.pair(agent);
    String access = pair.getString("accessToken");

    introspect(by(agent, "token", access))
        .statusCode(200)
        .body("active", equalTo(true))
        .body("token_type", equalTo("Bearer"))
        .body("client_id", equalTo(agent.id()))
        .body("sub", equalTo(agent.id()))
        .body("scope", equalTo("a:b:read a:b:write"));
    introspect(by(agent, "token", pair.getString("refreshToken")))
        .body("active", equalTo(true))
        .body("sid", equalTo(pair.getString("sessionId")));
    introspect(by(agent(), "token", access))
        .statusCode(200)
        .body("active", equalTo(false))
        .body("size()", equalTo(1));
    introspect(form("token", access).header("x-api-key", service.admin))
        .body("active", equalTo(true));
    introspect(form("token", access).header("Authorization", "Bearer " + service.admin))
        .body("active", equalTo(true));
    introspect(form("token", access).header("x-api-key", service.apiKey("a:b:read")))
        .body("active", equalTo(false));
    Service other = Service.ready();
    introspect(form("token", access).header("x-api-key", other.admin))
        .body("active", equalTo(false));
    introspect(form("token", access)).statusCode(401).body("error", equalTo("invalid_client"));
    introspect(form().header("x-api-key", service.admin)).statusCode(400);
    introspect(by(agent, "token", "nonsense")).body("active", equalTo(false));
  }

  @Test
  void tellsOfAUsedRefreshTokenThatItIsNotActive() {
    IdentityState agent = agent();
    String refresh = service.pair(agent).getString("refreshToken");
    service.refresh(refresh).statusCode(200);

    introspect(by(agent, "token", refresh)).body("active", equalTo(false));
  }

  @Test
  void revokesAnAccessTokenAtOnce() {
    IdentityState agent = agent();
    JsonPath pair = service.pair(agent);
    String access = pair.getString("accessToken");

    by(agent(), "token", access)
        .post("/oauth/revoke")
        .then()
        .statusCode(400)
        .body("error", equalTo("unauthorized_client"));
    by(agent, "token", access)
        .post("/oauth/revoke")
        .then()
        .statusCode(200)
        .header("Relay-Revision", not(equalTo("")));

    introspect(by(agent, "token", access)).body("active", equalTo(false));
    assertThat(revoked)
        .filteredOn(body -> body.contains((String) Service.claims(access).get("jti")))
        .singleElement()
        .asString()
        .contains("\"initiator\":\"user\"");
    service.refresh(pair.getString("refreshToken")).statusCode(200);
  }

  @Test
  void revokesASessionByItsRefreshToken() {
    IdentityState agent = agent();
    JsonPath pair = service.pair(agent);

    by(agent, "token", pair.getString("refreshToken"), "token_type_hint", "access_token")
        .post("/oauth/revoke")
        .then()
        .statusCode(200);

    introspect(by(agent, "token", pair.getString("accessToken"))).body("active", equalTo(false));
    service
        .refresh(pair.getString("refreshToken"))
        .statusCode(401)
        .body("code", equalTo("token_revoked"));
  }

  @Test
  void revokesASessionByARefreshTokenThatWasUsed() {
    IdentityState agent = agent();
    JsonPath first = service.pair(agent);
    String used = first.getString("refreshToken");
    JsonPath second = service.refresh(used).statusCode(200).extract().jsonPath();

    by(agent(), "token", used)
        .post("/oauth/revoke")
        .then()
        .statusCode(400)
        .body("error", equalTo("unauthorized_client"));
    form("token", used)
        .header("x-api-key", Service.ready().admin)
        .post("/oauth/revoke")
        .then()
        .statusCode(200);
    introspect(by(agent, "token", second.getString("accessToken"))).body("active", equalTo(true));

    by(agent, "token", used).post("/oauth/revoke").then().statusCode(200);

    for (JsonPath pair : List.of(first, second)) {
      introspect(by(agent, "token", pair.getString("accessToken"))).body("active", equalTo(false));
      service
          .refresh(pair.getString("refreshToken"))
          .statusCode(401)
          .body("code", equalTo("token_revoked"));
    }
    by(agent, "token", used).post("/oauth/revoke").then().statusCode(200);
    assertThat(revoked).filteredOn(body -> body.contains(first.getString("sessionId"))).hasSize(1);
  }

  @Test
  void anAgentThatManagesTokensRevokesNoneOfWhoStandsAboveIt() {
    IdentityState parent = agent();
    IdentityState child = service.world.agent(service.org, parent, "a:b:read");
    IdentityState grandchild = service.world.agent(service.org, child, "a:b:read");
    String manager = OAuth.secret(child, "relayauth:token:manage").key();

    for (String kind : List.of("accessToken", "refreshToken")) {
      String above = service.pair(parent).getString(kind);
      form("token", above)
          .header("x-api-key", manager)
          .post("/oauth/revoke")
          .then()
          .statusCode(400)
          .body("error", equalTo("unauthorized_client"));
      introspect(by(parent, "token", above)).body("active", equalTo(true));

      String below = service.pair(grandchild).getString(kind);
      form("token", below)
          .header("x-api-key", manager)
          .post("/oauth/revoke")
          .then()
          .statusCode(200);
      introspect(by(grandchild, "token", below)).body("active", equalTo(false));
    }
  }

  @Test
  void answersTheRevocationOfNoTokenWith200ToWhoeverAuthenticates() {
    by(agent(), "token", "nonsense").post("/oauth/revoke").then().statusCode(200);
    form("token", "nonsense").post("/oauth/revoke").then().statusCode(401);
  }
}
