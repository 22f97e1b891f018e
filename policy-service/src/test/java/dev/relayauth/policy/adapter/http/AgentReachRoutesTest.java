package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.IdentityState.Type;
import dev.relayauth.common.token.Actor;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every write × an agent with every scope: nothing that is not under it. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class AgentReachRoutesTest extends PolicyServiceTest {
  private static final String TEST =
      """
      agents:
        - {id: agent_clerk, scopes: ["stripe:orders:*"]}
      cases:
        - name: clerks read orders
          identity: agent_clerk
          scope: "github:issues:read"
          expect: {decision: deny}
      """;

  private IdentityState parent;
  private IdentityState self;
  private IdentityState child;
  private IdentityState sibling;
  private IdentityState helper;
  private IdentityState free;

  @BeforeEach
  void beginWithAFamily() {
    parent = identity(Type.agent, null);
    self = identity(Type.agent, parent);
    child = identity(Type.agent, self);
    sibling = identity(Type.agent, parent);
    helper = identity(Type.service, self);
    free = identity(Type.service, null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/v1/policies|"
            + "{'name':'new-one','effect':'allow','scopes':['stripe:*:read'],'identityId':'{child}'}",
        "PATCH|/v1/policies/{policy}|{'priority':3}",
        "DELETE|/v1/policies/{policy}|",
        "POST|/v1/policy-tests|{'name':'mine','yaml':'{test}'}",
        "DELETE|/v1/policy-tests/kept|",
        "POST|/v1/identities/{self}/roles|{'roleId':'{role}'}",
        "PUT|/v1/identities/{sibling}/budget|{'maxCostPerDay':1}",
        "PUT|/v1/budgets/organization|{'maxCostPerDay':1}",
        "PUT|/v1/budgets/workspaces/ws_prod|{'maxCostPerDay':1}",
        "PUT|/v1/budgets/sponsors/user_jane|{'maxCostPerDay':1}",
        "POST|/v1/budgets/{sibling}/reservations|{'amount':1}",
        "POST|/v1/budgets/{sibling}/spend|{'amount':1}",
        "POST|/v1/budgets/{sibling}/credit|{'amount':1}",
        "POST|/v1/budgets/{sibling}/reservations/bud_x/commit|{}",
        "POST|/v1/budgets/{sibling}/reservations/bud_x/void|{}"
      })
  void refusesWhatABoundAgentMayNotWrite(String method, String path, @Nullable String body) {
    String role = role("a-role", "stripe:orders:read");
    String policy =
        policy(
            Map.of("name", "a-policy", "effect", "deny", "scopes", List.of("stripe:orders:read")));
    assertThat(post("/v1/policy-tests", Map.of("name", "kept", "yaml", TEST)).statusCode())
        .isEqualTo(201);
    for (String token :
        List.of(world.token(self, "*"), world.token(helper, "*"), actingFor(free, self))) {
      refused(send(token, method, filled(path, role, policy), filled(body, role, policy)));
    }
  }

  @Test
  void writesForItselfAndThoseUnderItAndAddsDeniesAndRoles() {
    String role = role("a-role", "stripe:orders:read");
    for (String body :
        List.of(
            "{'name':'deny-a','effect':'deny','scopes':['stripe:*:read'],'identityId':'{child}'}",
            "{'name':'deny-b','effect':'deny','scopes':['stripe:*:read'],'workspaceId':'ws_prod'}")) {
      made(send(world.token(self, "*"), "POST", "/v1/policies", filled(body, role, "")));
    }
    String added = "{'name':'another-role','scopes':['stripe:orders:read']}";
    made(send(world.token(self, "*"), "POST", "/v1/roles", filled(added, role, "")));
    for (IdentityState spender : List.of(self, child)) {
      made(
          send(
              world.token(self, "*"),
              "POST",
              "/v1/budgets/" + spender.id() + "/spend",
              "{\"amount\":1}"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parent", "self"})
  void changesNoRoleThatItsOwnChainHolds(String holder) {
    String role = role("a-role", "stripe:orders:read");
    withRoles(holder.equals("self") ? self : parent, role);
    for (String token :
        List.of(world.token(self, "*"), world.token(helper, "*"), actingFor(free, self))) {
      eventually(
          () -> refused(send(token, "PATCH", "/v1/roles/" + role, "{\"description\":\"x\"}")));
      refused(send(token, "DELETE", "/v1/roles/" + role, "{}"));
    }
    // A person is bound by scopes alone.
    assertThat(asAdmin().delete("/v1/roles/" + role).statusCode()).isEqualTo(204);
  }

  @Test
  void changesRolesOfThoseUnderIt() {
    String role = role("a-role", "stripe:orders:read");
    withRoles(child, role);
    eventually(
        () ->
            assertThat(
                    asAdmin()
                        .get("/v1/identities/" + child.id() + "/roles")
                        .<List<String>>path("data.id"))
                .contains(role));
    Response changed =
        send(world.token(self, "*"), "PATCH", "/v1/roles/" + role, "{\"name\":\"other\"}");
    assertThat(changed.statusCode()).as(changed.asString()).isEqualTo(200);
    Response deleted = send(world.token(self, "*"), "DELETE", "/v1/roles/" + role, "{}");
    assertThat(deleted.statusCode()).as(deleted.asString()).isEqualTo(204);
  }

  private static void refused(Response answer) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(403);
    assertThat(answer.<String>path("code")).isEqualTo("scope_escalation");
  }

  @Test
  void leavesAServiceWithNoAgentAboveItToItsScopes() {
    String policy =
        policy(
            Map.of("name", "a-policy", "effect", "deny", "scopes", List.of("stripe:orders:read")));
    Response changed =
        send(world.token(free, "*"), "PATCH", "/v1/policies/" + policy, "{\"priority\":3}");
    assertThat(changed.statusCode()).as(changed.asString()).isEqualTo(200);
  }

  @Test
  void aDenyOfAWorkspaceBindsWhatItsActorsAndItsTokensDo() {
    IdentityState subject = in("ws_dev", Type.service, null);
    policy(
        Map.of(
            "name",
            "here-nobody",
            "effect",
            "deny",
            "scopes",
            List.of("stripe:orders:read"),
            "workspaceId",
            "ws_prod"));
    Response alone = asked(world.token(subject, "*"));
    assertThat(alone.<Boolean>path("allowed")).as(alone.asString()).isTrue();
    String ofWorkspace = world.sign(world.claims(subject, "*").wks("ws_prod").build());
    for (String token : List.of(actingFor(subject, self), ofWorkspace)) {
      Response bound = asked(token);
      assertThat(bound.<String>path("reason"))
          .as(bound.asString())
          .isEqualTo("workspace_policy_deny");
    }
  }

  private Response asked(String token) {
    return authorize(Map.of("token", token, "scope", "stripe:orders:read"));
  }

  private static void made(Response answer) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
  }

  private String actingFor(IdentityState subject, IdentityState actor) {
    Actor act = new Actor(actor.id(), actor.sponsorChain(), null);
    return world.sign(world.claims(subject, "*").act(act).build());
  }

  private String filled(@Nullable String text, String role, String policy) {
    return String.valueOf(text == null ? "{}" : text)
        .replace("{role}", role)
        .replace("{policy}", policy)
        .replace("{self}", self.id())
        .replace("{child}", child.id())
        .replace("{sibling}", sibling.id())
        .replace('\'', '"')
        .replace("{test}", TEST.replace("\"", "\\\"").replace("\n", "\\n"));
  }

  private static Response send(String token, String method, String path, String body) {
    return given()
        .auth()
        .oauth2(token)
        .contentType(ContentType.JSON)
        .body(body)
        .request(method, path);
  }

  private IdentityState identity(Type type, @Nullable IdentityState above) {
    return in("ws_prod", type, above);
  }

  private IdentityState in(String workspace, Type type, @Nullable IdentityState above) {
    return world.identity(org, type, workspace, above, "*");
  }
}
