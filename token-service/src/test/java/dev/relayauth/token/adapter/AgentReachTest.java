package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent that may issue does so for itself and those under it, and for nobody else. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class AgentReachTest {
  private Service service;
  private IdentityState parent;
  private IdentityState self;
  private IdentityState child;
  private IdentityState sibling;
  private IdentityState stranger;

  @BeforeEach
  void beginWithAFamily() {
    service = Service.ready();
    parent = service.world.agent(service.org, "*");
    self = service.world.agent(service.org, parent, "*");
    child = service.world.agent(service.org, self, "*");
    sibling = service.world.agent(service.org, parent, "*");
    stranger = service.world.agent(service.org, "*");
  }

  private List<IdentityState> others() {
    return List.of(parent, sibling, stranger);
  }

  private String bearer(IdentityState identity) {
    return service
        .issue(service.admin, Map.of("identityId", identity.id(), "scopes", List.of("*")))
        .statusCode(201)
        .extract()
        .path("accessToken");
  }

  private String key(ApiKeyState.Kind kind) {
    String workspace = kind == ApiKeyState.Kind.workspace_token ? "ws_prod" : null;
    return Keys.make(service.org, kind, self.id(), workspace, List.of("*")).key();
  }

  private static RequestSpecification by(String bearer) {
    return given().auth().oauth2(bearer).contentType("application/json");
  }

  private static Map<String, Object> wanted(IdentityState identity) {
    return Map.of("identityId", identity.id(), "scopes", List.of("a:b:c"));
  }

  private static void refused(ValidatableResponse answer) {
    answer.statusCode(403).body("code", equalTo("scope_escalation"));
  }

  @Test
  void issuesForWhomItsScopesSayButNotForThoseAboveIt() {
    String bearer = bearer(self);
    String key = key(ApiKeyState.Kind.api_key);
    refused(by(bearer).body(wanted(parent)).post("/v1/tokens").then());
    refused(service.issue(key, wanted(parent)));
    for (IdentityState own : List.of(self, child, sibling, stranger)) {
      by(bearer).body(wanted(own)).post("/v1/tokens").then().statusCode(201);
      service.issue(key, wanted(own)).statusCode(201);
    }
  }

  @Test
  void whatItIssuesForAnotherEndsWithIt() {
    String bearer = bearer(self);
    String others = bearer(stranger);
    String delegated =
        OAuth.exchange(others, bearer, "relayauth:token:create a:b:c")
            .statusCode(200)
            .extract()
            .path("access_token");
    String direct = issued(by(bearer).body(wanted(stranger)).post("/v1/tokens").then());
    String onward = issued(by(delegated).body(wanted(stranger)).post("/v1/tokens").then());
    String byKey = issued(service.issue(key(ApiKeyState.Kind.api_key), wanted(stranger)));
    assertThat(Service.claims(direct).get("lineage")).asList().contains(parent.id(), self.id());

    service.world.revoke(service.org, RevocationKind.IDENTITY, self.id(), false);

    assertThat(List.of(direct, onward, byKey))
        .allSatisfy(
            token -> await().untilAsserted(() -> assertThat(service.active(token)).isFalse()));
    assertThat(service.active(others)).isTrue();
  }

  private static String issued(ValidatableResponse answer) {
    return answer.statusCode(201).extract().path("accessToken");
  }

  @Test
  void anAgentThatActsForAServiceIssuesAsTheAgent() {
    IdentityState free =
        service.world.identity(service.org, IdentityState.Type.service, "ws_prod", null, "*");
    String delegated =
        OAuth.exchange(bearer(free), bearer(self), "relayauth:token:create a:b:c")
            .statusCode(200)
            .extract()
            .path("access_token");
    refused(by(delegated).body(wanted(parent)).post("/v1/tokens").then());
    by(delegated).body(wanted(child)).post("/v1/tokens").then().statusCode(201);
  }

  @Test
  void itsWorkspaceTokenAndItsKeyMakeNoShortPairsForThoseAboveIt() {
    String token = key(ApiKeyState.Kind.workspace_token);
    String key = key(ApiKeyState.Kind.api_key);
    refused(pair(token, "/v1/tokens/agent", parent));
    refused(pair(token, "/v1/tokens/path", parent));
    refused(pair(key, "/v1/tokens/workspace-path", parent));
    pair(token, "/v1/tokens/agent", child).statusCode(201);
    pair(token, "/v1/tokens/path", child).statusCode(201);
    pair(key, "/v1/tokens/workspace-path", child).statusCode(201);
  }

  private ValidatableResponse pair(String key, String path, IdentityState agent) {
    Map<String, Object> body =
        path.endsWith("/agent")
            ? Map.of("agentId", agent.id(), "scopes", List.of("a:b:c"))
            : path.endsWith("/path")
                ? Map.of("agentId", agent.id(), "paths", List.of("/x/*"))
                : Map.of("agentId", agent.id(), "workspaceId", "ws_prod", "paths", List.of("/x/*"));
    return service.as(key).body(body).post(path).then();
  }

  @Test
  void registersAndRemovesKeysOfItselfAndThoseUnderItAlone() {
    String bearer = key(ApiKeyState.Kind.api_key);
    for (IdentityState other : others()) {
      refused(register(bearer, other));
      String kid = registered(other);
      refused(by(bearer).delete("/v1/identities/" + other.id() + "/keys/" + kid).then());
    }
    register(bearer, child).statusCode(201);
    // A bearer ends, and what it made would not.
    refused(register(bearer(self), child));
  }

  private String registered(IdentityState identity) {
    return given()
        .header("x-api-key", service.admin)
        .contentType("application/json")
        .body(jwk())
        .post("/v1/identities/" + identity.id() + "/keys")
        .then()
        .statusCode(201)
        .extract()
        .path("kid");
  }

  private static ValidatableResponse register(String bearer, IdentityState identity) {
    return by(bearer).body(jwk()).post("/v1/identities/" + identity.id() + "/keys").then();
  }

  private static Map<String, Object> jwk() {
    SigningKey key = SigningKey.generate(SigningAlgorithm.EDDSA);
    return Map.of(
        "jwk", JsonPath.from(key.verificationKey().toJwk()).getMap(""), "scopes", List.of("a:b:c"));
  }
}
