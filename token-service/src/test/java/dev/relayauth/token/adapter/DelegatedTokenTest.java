package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.relayauth.common.credential.Maker;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class DelegatedTokenTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private Keys.Made workspaceToken(String... scopes) {
    return Keys.make(
        service.org, ApiKeyState.Kind.workspace_token, null, "ws_prod", List.of(scopes));
  }

  private ValidatableResponse post(String key, String path, Map<String, ?> body) {
    return service.as(key).body(body).post("/v1/tokens/" + path).then();
  }

  private static Map<String, Object> body(IdentityState agent, Object... members) {
    Map<String, Object> body = new HashMap<>(Map.of("agentId", agent.id()));
    for (int i = 0; i < members.length; i += 2) {
      body.put((String) members[i], members[i + 1]);
    }
    return body;
  }

  private static Map<String, Object> claims(String prefixed) {
    return Service.claims(prefixed.substring("relay_ag_".length()));
  }

  @Test
  void tellsByWhatAWorkspaceTokenIsMadeAndWhenItIsToEnd() {
    IdentityState agent = service.world.agent(service.org, "*");
    String end = Instant.now().plusSeconds(60).toString();
    String bearer = service.pair(agent, "scopes", List.of("*")).getString("accessToken");
    Map<String, Object> claims = Service.claims(bearer);
    long exp = ((Number) claims.get("exp")).longValue();
    List<?> lineage = (List<?>) claims.get("lineage");
    JsonPath made =
        given()
            .auth()
            .oauth2(bearer)
            .contentType("application/json")
            .body(Map.of("workspaceId", "ws_prod", "expiresAt", end))
            .post("/v1/tokens/workspace")
            .then()
            .statusCode(201)
            .body("workspaceToken.expiresAt", equalTo(end))
            .extract()
            .jsonPath();
    Maker maker = Keys.makerOf(made.getString("workspaceToken.id"));
    assertThat(lineage).isNotEmpty();
    assertThat(maker.actors()).containsExactly(agent.id());
    assertThat(maker.isKey()).isFalse();
    assertThat(maker.endsAt()).isEqualTo(Instant.ofEpochSecond(exp));
    assertThat(maker.lineage()).isEqualTo(lineage);
    post(
            service.admin,
            "workspace",
            Map.of("workspaceId", "ws_prod", "expiresAt", "2020-01-01T00:00:00Z"))
        .statusCode(400);
  }

  @Test
  void keepsMayActInWhatATokenOfOneMakes() {
    IdentityState named = service.world.agent(service.org, "a:b:read");
    IdentityState agent = service.world.agent(service.org, "*");
    String rogue =
        service.pair(service.world.agent(service.org, "a:b:read")).getString("accessToken");
    String bearer =
        service
            .pair(agent, "scopes", List.of("*"), "mayAct", Map.of("sub", named.id()))
            .getString("accessToken");
    String workspaceToken =
        by(bearer, "/v1/tokens/workspace", Map.of("workspaceId", "ws_prod"))
            .statusCode(201)
            .extract()
            .path("key");
    String pair =
        post(workspaceToken, "agent", body(agent, "scopes", List.of("a:b:read")))
            .statusCode(201)
            .extract()
            .path("accessToken");
    String path =
        by(
                bearer,
                "/v1/tokens/workspace-path",
                body(
                    agent,
                    "workspaceId",
                    "ws_prod",
                    "paths",
                    List.of("/x"),
                    "scopes",
                    List.of("a:b:read")))
            .statusCode(201)
            .extract()
            .path("accessToken");

    for (String made : List.of(pair, path)) {
      assertThat(claims(made)).containsEntry("may_act", Map.of("sub", named.id()));
      OAuth.exchange(made, rogue, "")
          .statusCode(400)
          .body("error_description", containsString("may_act"));
    }
    by(
            bearer,
            "/v1/identities/" + agent.id() + "/keys",
            Map.of(
                "jwk",
                JsonPath.from(OAuth.possession().verificationKey().toJwk()).getMap(""),
                "scopes",
                List.of("a:b:read")))
        .statusCode(403)
        .body("detail", containsString("may_act"));
  }

  private static ValidatableResponse by(String bearer, String path, Map<String, ?> body) {
    return given()
        .auth()
        .oauth2(bearer)
        .contentType("application/json")
        .body(body)
        .post(path)
        .then();
  }

  @Test
  void makesAWorkspaceTokenOfAtMostTheCallersScopes() {
    String key = service.apiKey("relayauth:api-key:manage", "relayfile:fs:*");

    post(
            key,
            "workspace",
            Map.of("workspaceId", "ws_prod", "name", "ci", "scopes", List.of("relayfile:fs:read")))
        .statusCode(201)
        .body("workspaceToken.kind", equalTo("workspace_token"))
        .body("workspaceToken.workspaceId", equalTo("ws_prod"))
        .body("workspaceToken.scopes", contains("relayfile:fs:read"))
        .body("workspaceToken.revoked", equalTo(false))
        .body("workspaceToken.hash", nullValue())
        .body("key", startsWith("relay_ws_"));
    post(key, "workspace", Map.of("workspaceId", "ws_prod", "scopes", List.of("*")))
        .statusCode(403)
        .body("code", equalTo("insufficient_scope"));
    post(key, "workspace", Map.of("scopes", List.of("relayfile:fs:read"))).statusCode(400);
    post(service.apiKey("relayauth:token:create"), "workspace", Map.of("workspaceId", "ws_prod"))
        .statusCode(403);
  }

  @Test
  void givesAnAgentWhatItAndTheWorkspaceTokenHaveInCommon() {
    IdentityState agent = service.world.agent(service.org, "a:b:*", "c:d:read");
    Keys.Made token = workspaceToken("a:b:read", "x:y:z");

    JsonPath pair =
        post(token.key(), "agent", body(agent))
            .statusCode(201)
            .body("agentId", equalTo(agent.id()))
            .body("workspaceId", equalTo("ws_prod"))
            .body("tokenClass", equalTo("agent"))
            .body("paths", nullValue())
            .body("issuedViaWorkspaceTokenId", equalTo(token.state().id()))
            .body("accessToken", startsWith("relay_ag_"))
            .body("scopes", contains("a:b:read"))
            .extract()
            .jsonPath();

    Map<String, Object> claims = claims(pair.getString("accessToken"));
    assertThat(claims).containsEntry("parentTokenId", token.state().id());
    assertThat((List<Object>) claims.get("lineage")).containsExactly(token.state().id());
    assertThat(((Number) claims.get("exp")).longValue() - ((Number) claims.get("iat")).longValue())
        .isLessThanOrEqualTo(3600);
    service
        .as(service.admin)
        .queryParam("token", pair.getString("accessToken"))
        .get("/v1/tokens/introspect")
        .then()
        .body("sub", equalTo(agent.id()));
  }

  @Test
  void believesATokenBehindNoPrefixButItsOwn() {
    IdentityState agent = service.world.agent(service.org, "relayauth:token:read");
    Keys.Made token = workspaceToken("relayauth:token:*");
    String issued =
        post(token.key(), "agent", body(agent)).statusCode(201).extract().path("accessToken");
    String bare = issued.substring("relay_ag_".length());
    String plain = service.pair(agent).getString("accessToken");

    assertThat(introspected(issued)).contains(agent.id());
    assertThat(introspected("relay_pa_" + bare)).isEqualTo("null");
    assertThat(introspected("relay_ag_" + plain)).isEqualTo("null");
    assertThat(introspected("relay_pa_" + plain)).isEqualTo("null");
    for (String forged : List.of("relay_pa_" + bare, "relay_ag_" + plain)) {
      given()
          .auth()
          .oauth2(forged)
          .get("/v1/tokens/introspect?token=x")
          .then()
          .statusCode(401)
          .body("code", equalTo("invalid_token"));
    }
  }

  private String introspected(String token) {
    return service
        .as(service.admin)
        .queryParam("token", token)
        .get("/v1/tokens/introspect")
        .asString();
  }

  @Test
  void keepsPrefixAndClassThroughRefresh() {
    IdentityState agent = service.world.agent(service.org, "relayfile:fs:read");
    Keys.Made token = workspaceToken("relayfile:fs:*");
    JsonPath pair =
        post(token.key(), "path", body(agent, "paths", List.of("/docs/*", "/a.txt")))
            .statusCode(201)
            .body("accessToken", startsWith("relay_pa_"))
            .body("tokenClass", equalTo("path"))
            .body("paths", contains("/docs/*", "/a.txt"))
            .body(
                "scopes",
                containsInAnyOrder("relayfile:fs:read:/docs/*", "relayfile:fs:read:/a.txt"))
            .extract()
            .jsonPath();

    service
        .refresh(pair.getString("refreshToken"))
        .statusCode(200)
        .body("accessToken", startsWith("relay_pa_"))
        .body("paths", contains("/docs/*", "/a.txt"))
        .body("issuedViaWorkspaceTokenId", equalTo(token.state().id()))
        .body(
            "scopes", containsInAnyOrder("relayfile:fs:read:/docs/*", "relayfile:fs:read:/a.txt"));
  }

  @Test
  void refusesMoreThanThereIsAndNothingAtAll() {
    IdentityState agent = service.world.agent(service.org, "a:b:*");
    Keys.Made token = workspaceToken("a:b:read");

    post(token.key(), "agent", body(agent, "scopes", List.of("a:b:write")))
        .statusCode(403)
        .body("code", equalTo("insufficient_scope"));
    post(workspaceToken("x:y:z").key(), "agent", body(agent))
        .statusCode(403)
        .body("code", equalTo("insufficient_scope"));
    post(workspaceToken("a:b:read:/x").key(), "path", body(agent, "paths", List.of("/y")))
        .statusCode(403)
        .body("code", equalTo("insufficient_scope"));
  }

  @Test
  void cutsNoPathAndNoScopeThatIsNamed() {
    IdentityState agent = service.world.agent(service.org, "relayfile:fs:read:/docs/*");
    String key = workspaceToken("relayfile:fs:read:/docs/*").key();

    post(key, "path", body(agent, "paths", List.of("/docs/a", "/x")))
        .statusCode(403)
        .body("code", equalTo("insufficient_scope"))
        .body("required", equalTo("*:*:*:/x"))
        .body("actual", contains("relayfile:fs:read:/docs/*"));
    post(key, "path", body(agent, "paths", List.of("/*"))).statusCode(403);
    Map<String, Object> wide =
        body(agent, "paths", List.of("/docs/a"), "scopes", List.of("relayfile:fs:read:/docs/*"));
    post(key, "path", wide)
        .statusCode(403)
        .body("code", equalTo("insufficient_scope"))
        .body("required", equalTo("relayfile:fs:read:/docs/*"))
        .body("actual", contains("*:*:*:/docs/a"));
    Map<String, Object> fitting =
        body(agent, "paths", List.of("/docs/*"), "scopes", List.of("relayfile:fs:read:/docs/*"));
    post(key, "path", fitting)
        .statusCode(201)
        .body("scopes", contains("relayfile:fs:read:/docs/*"));
  }

  @Test
  void meansAScopeWithoutAPathAtThePaths() {
    IdentityState agent = service.world.agent(service.org, "relayfile:fs:*");
    Map<String, Object> body =
        body(agent, "paths", List.of("/docs/a"), "scopes", List.of("relayfile:fs:read"));

    post(workspaceToken("relayfile:fs:*").key(), "path", body)
        .statusCode(201)
        .body("scopes", contains("relayfile:fs:read:/docs/a"));
  }

  @Test
  void needsNoMoreThanThePathsForAScopeThatIsMeantAtThem() {
    IdentityState agent = service.world.agent(service.org, "relayfile:fs:read:/docs/*");
    String key = workspaceToken("relayfile:fs:read:/docs/*").key();
    String apiKey =
        service.apiKey(
            "relayauth:api-key:manage", "relayauth:token:create", "relayfile:fs:read:/docs/*");
    Map<String, Object> body =
        body(agent, "paths", List.of("/docs/a"), "scopes", List.of("relayfile:fs:read"));
    Map<String, Object> beyond =
        body(agent, "paths", List.of("/docs/a", "/x"), "scopes", List.of("relayfile:fs:read"));
    Map<String, Object> here = new HashMap<>(body);
    here.put("workspaceId", "ws_prod");

    post(key, "path", body).statusCode(201).body("scopes", contains("relayfile:fs:read:/docs/a"));
    post(apiKey, "workspace-path", here)
        .statusCode(201)
        .body("scopes", contains("relayfile:fs:read:/docs/a"));
    post(key, "path", beyond).statusCode(403).body("required", equalTo("relayfile:fs:read:/x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs", "/a/../b", "/a*b", "", "/a:b", "*"})
  void refusesPathsThatAreNone(String path) {
    IdentityState agent = service.world.agent(service.org, "relayfile:fs:read");

    post(workspaceToken("*").key(), "path", body(agent, "paths", List.of(path)))
        .statusCode(400)
        .body("code", equalTo("invalid_paths"));
  }

  @Test
  void needsPaths() {
    IdentityState agent = service.world.agent(service.org, "relayfile:fs:read");

    post(workspaceToken("*").key(), "path", body(agent))
        .statusCode(400)
        .body("code", equalTo("invalid_paths"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "path"})
  void takesAWorkspaceTokenAlone(String route) {
    IdentityState agent = service.world.agent(service.org, "relayfile:fs:read");

    post(service.admin, route, body(agent, "paths", List.of("/x")))
        .statusCode(401)
        .body("code", equalTo("workspace_token_required"));
  }

  @Test
  void isNoCredentialElsewhere() {
    IdentityState agent = service.world.agent(service.org, "a:b:read");

    service
        .issue(workspaceToken("*").key(), Map.of("identityId", agent.id()))
        .statusCode(401)
        .body("code", equalTo("invalid_api_key"));
  }

  @Test
  void issuesAPathPairByAnApiKey() {
    IdentityState agent = service.world.agent(service.org, "relayfile:fs:*");
    Map<String, Object> body = body(agent, "paths", List.of("/x/*"), "workspaceId", "ws_prod");

    post(service.admin, "workspace-path", body)
        .statusCode(201)
        .body("accessToken", startsWith("relay_pa_"))
        .body("scopes", contains("relayfile:fs:*:/x/*"))
        .body("issuedViaWorkspaceTokenId", nullValue());
    post(service.apiKey("relayauth:token:create", "relayfile:fs:*"), "workspace-path", body)
        .statusCode(403);
    post(workspaceToken("*").key(), "workspace-path", body).statusCode(401);
  }

  @Test
  void capsBothTokensAtTheEndOfTheDelegation() {
    IdentityState agent = service.world.agent(service.org, "a:b:read");
    Instant end = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 600);
    String key = workspaceToken("a:b:read").key();

    post(key, "agent", body(agent, "delegationNotAfter", end.toString()))
        .statusCode(201)
        .body("accessTokenExpiresAt", equalTo(end.toString()))
        .body("refreshTokenExpiresAt", equalTo(end.toString()));
    post(key, "agent", body(agent, "delegationNotAfter", end.minusSeconds(3600).toString()))
        .statusCode(400);
    post(key, "agent", body(agent, "ttl", "2h")).statusCode(400);
  }

  @Test
  void knowsNoAgentOfAnotherWorkspaceOrOrganisation() {
    IdentityState foreign = Service.ready().world.agent("org_foreign", "a:b:read");
    IdentityState agent = service.world.agent(service.org, "a:b:read");
    Keys.Made other =
        Keys.make(service.org, ApiKeyState.Kind.workspace_token, null, "ws_x", List.of("*"));

    post(workspaceToken("*").key(), "agent", body(foreign))
        .statusCode(404)
        .body("code", equalTo("identity_not_found"));
    post(other.key(), "agent", body(agent)).statusCode(404);
  }

  @Test
  void diesWithItsWorkspaceToken() {
    IdentityState agent = service.world.agent(service.org, "a:b:read");
    Keys.Made token = workspaceToken("a:b:read");
    JsonPath pair = post(token.key(), "agent", body(agent)).statusCode(201).extract().jsonPath();

    Keys.revoke(token.state());
    service.world.revoke(service.org, RevocationKind.CREDENTIAL, token.state().id(), true);

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                post(token.key(), "agent", body(agent))
                    .statusCode(401)
                    .body("code", equalTo("workspace_token_revoked")));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                service
                    .as(service.admin)
                    .queryParam("token", pair.getString("accessToken"))
                    .get("/v1/tokens/introspect")
                    .then()
                    .body(equalTo("null")));
    service
        .refresh(pair.getString("refreshToken"))
        .statusCode(401)
        .body("code", equalTo("workspace_token_revoked"));
  }

  @Test
  void saysWhichSessionsHaveEndedByARevocation() {
    IdentityState agent = service.world.agent(service.org, "a:b:read");
    String kept = service.pair(agent).getString("sessionId");
    String revoked = service.pair(agent).getString("sessionId");

    service.world.revoke(service.org, RevocationKind.SESSION, revoked, false);

    await().until(() -> isEnded(agent, revoked));
    assertThat(isEnded(agent, kept)).isFalse();

    service.world.revoke(service.org, RevocationKind.IDENTITY, agent.id(), false);

    await().until(() -> isEnded(agent, kept));
    String later = service.pair(agent).getString("sessionId");
    assertThat(isEnded(agent, later)).isFalse();
  }

  private boolean isEnded(IdentityState agent, String sid) {
    return service
        .as(service.admin)
        .get("/v1/sessions?identityId=" + agent.id())
        .then()
        .statusCode(200)
        .extract()
        .path("data.find { it.id == '" + sid + "' }.ended");
  }

  @Test
  void listsTheSessionsOfAnIdentityNewestFirst() {
    IdentityState agent = service.world.agent(service.org, "a:b:read");
    service.pair(agent);
    service.pair(agent);
    service.pair(service.world.agent(service.org, "a:b:read"));

    String cursor =
        service
            .as(service.admin)
            .get("/v1/sessions?limit=1&identityId=" + agent.id())
            .then()
            .statusCode(200)
            .body("data", hasSize(1))
            .body("data[0].identityId", equalTo(agent.id()))
            .body("cursor", notNullValue())
            .extract()
            .path("cursor");
    service
        .as(service.admin)
        .get("/v1/sessions?limit=1&identityId=" + agent.id() + "&cursor=" + cursor)
        .then()
        .body("data", hasSize(1))
        .body("cursor", nullValue());
    IdentityState other = service.world.agent(service.org, "a:b:read");
    service
        .as(service.admin)
        .get("/v1/sessions?limit=1&identityId=" + other.id() + "&cursor=" + cursor)
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
    service.as(service.admin).get("/v1/sessions").then().statusCode(400);
    service
        .as(Service.ready().admin)
        .get("/v1/sessions?identityId=" + agent.id())
        .then()
        .body("data", hasSize(0));
    service
        .as(service.apiKey("relayauth:token:create"))
        .get("/v1/sessions?identityId=" + agent.id())
        .then()
        .statusCode(403);
  }
}
