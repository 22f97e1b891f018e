package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.token.SigningAlgorithm;
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

/** An agent that could speak as a human would approve its own requests. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class HumanTokensTest {
  private static final String[] HELD = {"relayauth:*:manage", "relayauth:token:create", "a:b:c"};

  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private IdentityState human() {
    return service.human(null, HELD);
  }

  private IdentityState agent() {
    return service.world.agent(service.org, HELD);
  }

  /** A bearer, as an administrator gets one. */
  private String bearer(IdentityState identity) {
    return service
        .issue(service.admin, Map.of("identityId", identity.id()))
        .statusCode(201)
        .extract()
        .path("accessToken");
  }

  private ValidatableResponse issue(String bearer, IdentityState wanted) {
    return given()
        .auth()
        .oauth2(bearer)
        .contentType("application/json")
        .body(Map.of("identityId", wanted.id(), "scopes", List.of("a:b:c")))
        .post("/v1/tokens")
        .then();
  }

  private static void refused(ValidatableResponse answer) {
    answer.statusCode(403).body("code", equalTo("human_required"));
  }

  @Test
  void issuesNoneToAnAgentsBearer() {
    refused(issue(bearer(agent()), human()));
  }

  @Test
  void issuesNoneToAnAgentThatActsForTheHuman() {
    IdentityState human = human();
    String delegated =
        OAuth.exchange(bearer(human), bearer(agent()), "relayauth:token:create a:b:c")
            .statusCode(200)
            .extract()
            .path("access_token");

    refused(issue(delegated, human));
  }

  @Test
  void issuesNoneToAHumanUnderAnAgent() {
    IdentityState puppet = service.human(agent(), HELD);

    refused(issue(bearer(puppet), human()));
  }

  @Test
  void issuesNoneToAnAgentsKeyOrWorkspaceToken() {
    IdentityState human = human();
    String key =
        Keys.make(service.org, ApiKeyState.Kind.api_key, agent().id(), null, List.of("*")).key();
    String workspaceToken =
        Keys.make(
                service.org,
                ApiKeyState.Kind.workspace_token,
                agent().id(),
                "ws_prod",
                List.of("*"))
            .key();

    refused(service.issue(key, Map.of("identityId", human.id())));
    refused(
        service
            .as(workspaceToken)
            .body(Map.of("agentId", human.id()))
            .post("/v1/tokens/agent")
            .then());
    refused(
        service
            .as(key)
            .body(Map.of("agentId", human.id(), "workspaceId", "ws_prod", "paths", List.of("/x/*")))
            .post("/v1/tokens/workspace-path")
            .then());
  }

  @Test
  void registersNoKeyOfAHumanForAnAgent() {
    SigningKey key = SigningKey.generate(SigningAlgorithm.EDDSA);

    refused(
        given()
            .auth()
            .oauth2(bearer(agent()))
            .contentType("application/json")
            .body(
                Map.of(
                    "jwk",
                    JsonPath.from(key.verificationKey().toJwk()).getMap(""),
                    "scopes",
                    List.of("a:b:c")))
            .post("/v1/identities/" + human().id() + "/keys")
            .then());
  }

  @Test
  void issuesOneToAHumanAndToAnAdministratorsKey() {
    IdentityState human = human();

    issue(bearer(human), human).statusCode(201);
    service.issue(service.admin, Map.of("identityId", human.id())).statusCode(201);
  }
}
