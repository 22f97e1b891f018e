package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class PolicyRoutesTest extends PolicyServiceTest {
  @Test
  void createsAPolicyAndDecidesByItAtOnce() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    assertThat(authorize(agent, "stripe:orders:write").<Boolean>path("allowed")).isTrue();
    String id = deny("no-writes", "stripe:orders:write");
    Response denied = authorize(agent, "stripe:orders:write");
    assertThat(denied.<Boolean>path("allowed")).isFalse();
    assertThat(denied.<String>path("reason")).isEqualTo("org_policy_deny");
    assertThat(denied.<String>path("matched.policy")).isEqualTo(id);
    assertThat(authorize(agent, "stripe:orders:read").<Boolean>path("allowed")).isTrue();
    assertThat(asAdmin().delete("/v1/policies/" + id).statusCode()).isEqualTo(204);
    assertThat(authorize(agent, "stripe:orders:write").<Boolean>path("allowed")).isTrue();
    assertThat(asAdmin().get("/v1/policies/" + id).<String>path("code"))
        .isEqualTo("policy_not_found");
  }

  @Test
  void anAgentLiftsNoRuleThatBindsIt() {
    String[] held = {"relayauth:policy:manage", "stripe:orders:read"};
    IdentityState agent = world.agent(org, held);
    IdentityState child = world.agent(org, agent, "stripe:orders:read");
    String token = world.token(agent, held);
    String deny =
        policy(
            Map.of(
                "name",
                "bound",
                "effect",
                "deny",
                "scopes",
                List.of("stripe:orders:read"),
                "identityId",
                agent.id()));
    assertEscalation(asBearer(token).delete("/v1/policies/" + deny));
    assertEscalation(asBearer(token).body(Map.of("effect", "allow")).patch("/v1/policies/" + deny));
    Map<String, Object> allow =
        Map.of("name", "loosened", "effect", "allow", "scopes", List.of("stripe:orders:read"));
    assertEscalation(asBearer(token).body(allow).post("/v1/policies"));
    assertThat(authorize(agent, "stripe:orders:read").<String>path("reason"))
        .isEqualTo("agent_policy_deny");
    Map<String, Object> below =
        Map.of(
            "name",
            "of-my-own",
            "effect",
            "deny",
            "scopes",
            List.of("stripe:orders:read"),
            "identityId",
            child.id());
    Response made = asBearer(token).body(below).post("/v1/policies");
    assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
    String path = "/v1/policies/" + made.path("id");
    assertEscalation(asBearer(token).body(Map.of("priority", 3)).patch(path));
    assertEscalation(asBearer(token).delete(path));
  }

  private static RequestSpecification asBearer(String token) {
    return given().auth().oauth2(token).contentType(ContentType.JSON);
  }

  private static void assertEscalation(Response refused) {
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(403);
    assertThat(refused.<String>path("code")).isEqualTo("scope_escalation");
  }

  @Test
  void changesOnlyWhatIsSent() {
    String id = deny("to-change", "stripe:orders:write");
    Response changed = asAdmin().body(Map.of("priority", 7)).patch("/v1/policies/" + id);
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.<Integer>path("priority")).isEqualTo(7);
    assertThat(changed.<String>path("effect")).isEqualTo("deny");
    assertThat(asAdmin().body(Map.of()).patch("/v1/policies/" + id).statusCode()).isEqualTo(400);
    assertThat(asAdmin().body(Map.of("effect", "maybe")).patch("/v1/policies/" + id).statusCode())
        .isEqualTo(400);
  }

  @Test
  void keepsConditionsAndObligationsAsWritten() {
    String id =
        policy(
            Map.of(
                "name", "office-only",
                "effect", "allow",
                "scopes", List.of("stripe:orders:read"),
                "conditions",
                    List.of(
                        Map.of("type", "ip", "operator", "in", "value", List.of("10.0.0.0/8")),
                        Map.of(
                            "type", "attribute",
                            "attribute", "risk",
                            "operator", "lt",
                            "value", 50)),
                "obligations", List.of(Map.of("type", "log", "level", "high"))));
    Response found = asAdmin().get("/v1/policies/" + id);
    assertThat(found.<String>path("conditions[0].value[0]")).isEqualTo("10.0.0.0/8");
    assertThat(found.<String>path("conditions[1].attribute")).isEqualTo("risk");
    assertThat(found.<Integer>path("conditions[1].value")).isEqualTo(50);
    assertThat(found.<String>path("obligations[0].level")).isEqualTo("high");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "color|eq|red|type",
        "time|like|09:00|operator",
        "time|gt|25:00|value",
        "time|gt|9:00|value",
        "time|in|09:00|value",
        "time|eq|monday|value",
        "time|gt|mon|operator",
        "time|matches|0*|operator",
        "ip|in|10.0.0.0/33|value",
        "ip|eq|10.0.0|value",
        "ip|eq|localhost|value",
        "ip|gt|10.0.0.1|operator",
        "identity|gt|agent_x|operator",
        "depth|gt|two|value",
        "token_age|lt|soon|value",
        "attribute|eq|x|attribute"
      })
  void refusesAConditionOutsideTheLanguage(
      String type, String operator, String value, String member) {
    Response refused =
        post(
            "/v1/policies",
            Map.of(
                "name",
                "bad-condition",
                "effect",
                "deny",
                "scopes",
                List.of("stripe:orders:read"),
                "conditions",
                List.of(Map.of("type", type, "operator", operator, "value", value))));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.<String>path("code")).isEqualTo("validation_failed");
    assertThat(refused.<List<String>>path("errors.pointer")).contains("/conditions/0/" + member);
  }

  @Test
  void refusesWhatIsMissingOrOutOfRange() {
    assertThat(
            post("/v1/policies", Map.of("name", "no-effect", "scopes", List.of("a:b:c")))
                .<String>path("errors[0].pointer"))
        .isEqualTo("/effect");
    Map<String, Object> body =
        Map.of("name", "too-high", "effect", "deny", "scopes", List.of("a:b:c"), "priority", 1001);
    assertThat(post("/v1/policies", body).<String>path("errors[0].pointer")).isEqualTo("/priority");
    assertThat(
            post("/v1/policies", Map.of("name", "no-scopes", "effect", "deny", "scopes", List.of()))
                .statusCode())
        .isEqualTo(400);
    assertThat(asAdmin().post("/v1/policies").statusCode()).isEqualTo(400);
    assertThat(asAdmin().body("{\"name\": [").post("/v1/policies").statusCode()).isEqualTo(400);
    assertThat(asAdmin().body("{\"name\": 7}").post("/v1/policies").statusCode()).isEqualTo(400);
    assertThat(asAdmin().body("[]").post("/v1/policies").statusCode()).isEqualTo(400);
  }

  @Test
  void refusesATakenName() {
    deny("taken-policy", "stripe:orders:read");
    Map<String, Object> body =
        Map.of("name", "taken-policy", "effect", "allow", "scopes", List.of("a:b:c"));
    assertThat(post("/v1/policies", body).statusCode()).isEqualTo(409);
  }

  @Test
  void refusesATargetThatIsNotThere() {
    Map<String, Object> body =
        Map.of(
            "name", "no-target",
            "effect", "deny",
            "scopes", List.of("a:b:c"),
            "workspace_id", "ws_missing");
    assertThat(post("/v1/policies", body).statusCode()).isEqualTo(404);
    Map<String, Object> agent =
        Map.of(
            "name", "no-target",
            "effect", "deny",
            "scopes", List.of("a:b:c"),
            "identityId", "agent_missing");
    assertThat(post("/v1/policies", agent).<String>path("code")).isEqualTo("identity_not_found");
  }

  @Test
  void letsNobodyWriteOrLiftWhatTheyDoNotHold() {
    String id = deny("a-limit", "stripe:orders:write");
    String author = world.apiKey(org, "relayauth:policy:manage", "stripe:orders:read");
    Response written =
        as(author)
            .body(Map.of("name", "mine", "effect", "allow", "scopes", List.of("stripe:*:read")))
            .post("/v1/policies");
    assertThat(written.statusCode()).isEqualTo(403);
    assertThat(written.<String>path("required")).isEqualTo("stripe:*:read");
    assertThat(as(author).delete("/v1/policies/" + id).<String>path("code"))
        .isEqualTo("scope_escalation");
    assertThat(
            as(author)
                .body(Map.of("scopes", List.of("stripe:orders:read")))
                .patch("/v1/policies/" + id)
                .statusCode())
        .isEqualTo(403);
    assertThat(asAdmin().get("/v1/policies/" + id).statusCode()).isEqualTo(200);
  }

  @Test
  void hidesPoliciesFromOtherOrganisations() {
    String id = deny("private-policy", "stripe:orders:write");
    String stranger = world.apiKey(world.id(IdPrefix.ORGANIZATION), "*");
    assertThat(as(stranger).get("/v1/policies/" + id).statusCode()).isEqualTo(404);
    assertThat(as(stranger).delete("/v1/policies/" + id).statusCode()).isEqualTo(404);
    assertThat(as(stranger).body(Map.of("priority", 1)).patch("/v1/policies/" + id).statusCode())
        .isEqualTo(404);
    assertThat(as(stranger).get("/v1/policies").<List<String>>path("data.id")).isEmpty();
  }

  @Test
  void listsNewestFirstInPages() {
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      created.addFirst(deny("policy-number-" + i, "stripe:orders:write"));
    }
    Response first = asAdmin().get("/v1/policies?limit=3");
    Response second = asAdmin().get("/v1/policies?limit=3&cursor=" + first.path("cursor"));
    List<String> listed = new ArrayList<>(first.<List<String>>path("data.id"));
    listed.addAll(second.<List<String>>path("data.id"));
    assertThat(listed).isEqualTo(created);
    assertThat(second.<String>path("cursor")).isNull();
  }

  @Test
  void putsEachWriteOnRecord() {
    String id = deny("on-record", "stripe:orders:write");
    asAdmin().body(Map.of("priority", 9)).patch("/v1/policies/" + id);
    asAdmin().delete("/v1/policies/" + id);
    for (String action : List.of("policy.created", "policy.updated", "policy.deleted")) {
      assertThat(AuditTopic.of(world).find(org, action).metadata()).containsEntry("policyId", id);
    }
  }

  private String deny(String name, String scope) {
    return policy(Map.of("name", name, "effect", "deny", "scopes", List.of(scope)));
  }
}
