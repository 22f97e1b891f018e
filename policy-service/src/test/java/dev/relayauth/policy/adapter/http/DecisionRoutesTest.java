package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.Peers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class DecisionRoutesTest extends PolicyServiceTest {
  private static final String READ = "stripe:orders:read";

  @BeforeEach
  void theAuditServiceHasWhatIsOnTheTopic() {
    AuditTopic topic = AuditTopic.of(world);
    world.peers().on("/internal/v1/audit/", call -> answer(topic, call));
  }

  private static Object answer(AuditTopic topic, Peers.Call call) {
    String[] parts = call.path().split("/");
    List<AuditRecord> found = topic.all(parts[4], "scope.checked");
    return parts.length == 5
        ? Map.of("entries", found)
        : found.stream().filter(r -> r.id().equals(parts[5])).findFirst().orElse(null);
  }

  private Response replay(String id, String policies) {
    Response replayed = post("/v1/decisions/" + id + ":replay", Map.of("policies", policies));
    assertThat(replayed.statusCode()).as(replayed.asString()).isEqualTo(200);
    return replayed;
  }

  private String deny(String name, String... scopes) {
    return policy(Map.of("name", name, "effect", "deny", "scopes", List.of(scopes)));
  }

  @Test
  void readsARecordedDecision() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    Response answered =
        authorize(
            Map.of(
                "token", world.token(agent, "stripe:orders:*"),
                "scope", READ,
                "context", Map.of("ip", "192.0.2.1", "risk", 7)));
    Response read = asAdmin().get("/v1/decisions/" + answered.path("decisionId"));
    assertThat(read.statusCode()).as(read.asString()).isEqualTo(200);
    assertThat(read.<String>path("decision")).isEqualTo("allow");
    assertThat(read.<String>path("reason")).isEqualTo("granted");
    assertThat(read.<String>path("scope")).isEqualTo(READ);
    assertThat(read.<String>path("identityId")).isEqualTo(agent.id());
    assertThat(read.<Integer>path("inputs.context.risk")).isEqualTo(7);
    assertThat(read.<List<String>>path("inputs.tokenScopes")).containsExactly("stripe:orders:*");
  }

  @Test
  void aDecisionOfSomebodyElseOrOfNobodyIsNotThere() {
    IdentityState agent = world.agent(org, READ);
    String id = authorize(agent, READ).path("decisionId");
    String stranger = world.apiKey(world.id(dev.relayauth.common.id.IdPrefix.ORGANIZATION), "*");
    assertThat(as(stranger).get("/v1/decisions/" + id).statusCode()).isEqualTo(404);
    assertThat(asAdmin().get("/v1/decisions/nonsense").statusCode()).isEqualTo(404);
    assertThat(asAdmin().body("{}").post("/v1/decisions/dec_x:replay").statusCode()).isEqualTo(404);
    assertThat(
            asAdmin()
                .body(Map.of("policies", "future"))
                .post("/v1/decisions/" + id + ":replay")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void derivesADecisionAgainUnderItsOwnRulesAndUnderTodays() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    String token = world.token(agent, "stripe:orders:*");
    String allowed = authorize(Map.of("token", token, "scope", READ)).path("decisionId");
    String policy = deny("no-reading", READ);
    String denied = authorize(Map.of("token", token, "scope", READ)).path("decisionId");
    assertThat(asAdmin().delete("/v1/policies/" + policy).statusCode()).isEqualTo(204);
    assertThat(replay(allowed, "recorded").<Boolean>path("same")).isTrue();
    Response own = replay(denied, "recorded");
    assertThat(own.<Boolean>path("same")).isTrue();
    assertThat(own.<String>path("replayed.reason")).isEqualTo("org_policy_deny");
    assertThat(own.<String>path("replayed.matched.policy")).isEqualTo(policy);
    assertThat(own.<String>path("explanation.summary")).isNotBlank();
    Response today = replay(denied, "current");
    assertThat(today.<Boolean>path("same")).isFalse();
    assertThat(today.<String>path("replayed.reason")).isEqualTo("granted");
  }

  @Test
  void rememberTheIdentityAsItStood() {
    String role = role("reader", READ);
    IdentityState agent = withRoles(world.agent(org), role);
    eventually(
        () -> assertThat(authorize(agent, READ).<String>path("reason")).isEqualTo("granted"));
    String id = authorize(agent, READ).path("decisionId");
    withStatus(agent, IdentityState.Status.suspended);
    assertThat(asAdmin().delete("/v1/roles/" + role).statusCode()).isEqualTo(204);
    eventually(
        () ->
            assertThat(authorize(agent, READ).<String>path("reason"))
                .isEqualTo("identity_suspended"));
    String suspended = authorize(agent, READ).path("decisionId");
    assertThat(replay(id, "recorded").<Boolean>path("same")).isTrue();
    assertThat(replay(id, "current").<String>path("replayed.reason"))
        .isEqualTo("identity_suspended");
    assertThat(replay(suspended, "recorded").<Boolean>path("same")).isTrue();
  }

  @Test
  void replaysWhatWasRefused() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    String token = world.token(agent, READ);
    String unknown = authorize(Map.of("token", "nonsense", "scope", READ)).path("decisionId");
    String narrow =
        authorize(Map.of("token", token, "scope", "stripe:orders:write")).path("decisionId");
    world.revoke(org, RevocationKind.IDENTITY, agent.id(), false);
    eventually(
        () ->
            assertThat(authorize(Map.of("token", token, "scope", READ)).<String>path("reason"))
                .isEqualTo("token_revoked"));
    String revoked = authorize(Map.of("token", token, "scope", READ)).path("decisionId");
    for (String id : List.of(unknown, narrow, revoked)) {
      Response again = replay(id, "recorded");
      assertThat(again.<Boolean>path("same")).as(again.asString()).isTrue();
    }
    assertThat(replay(revoked, "current").<String>path("replayed.reason"))
        .isEqualTo("token_revoked");
  }

  @Test
  void eachItemOfABatchIsADecisionOfItsOwn() {
    IdentityState agent = world.agent(org, READ);
    Response batch =
        post(
            "/v1/authorize/batch",
            Map.of(
                "requests",
                List.of(
                    Map.of("identityId", agent.id(), "scope", READ),
                    Map.of(
                        "identityId", agent.id(),
                        "scope", "stripe:orders:write",
                        "context", Map.of("n", 1)))));
    List<String> ids = batch.path("results.decisionId");
    assertThat(ids).doesNotHaveDuplicates();
    Response second = asAdmin().get("/v1/decisions/" + ids.get(1));
    assertThat(second.<String>path("scope")).as(second.asString()).isEqualTo("stripe:orders:write");
    assertThat(second.<String>path("reason")).isEqualTo("implicit_deny");
    assertThat(second.<Integer>path("inputs.context.n")).isEqualTo(1);
    assertThat(replay(ids.get(0), "recorded").<Boolean>path("same")).isTrue();
    assertThat(replay(ids.get(1), "recorded").<Boolean>path("same")).isTrue();
  }

  @Test
  void tellsWhatAChangeWouldHaveDoneToThePast() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    String barrier = deny("no-writing", "stripe:orders:write");
    authorize(agent, READ);
    authorize(agent, READ);
    authorize(agent, "stripe:orders:write");
    authorize(agent, "stripe:payouts:create");
    eventually(() -> assertThat(AuditTopic.of(world).count(org, "scope.checked")).isEqualTo(4));
    Response report =
        post(
            "/v1/policies:simulate",
            Map.of(
                "changes",
                List.of(
                    Map.of("action", "delete", "id", barrier),
                    Map.of(
                        "action",
                        "create",
                        "policy",
                        Map.of("name", "no-reading", "effect", "deny", "scopes", List.of(READ))))));
    assertThat(report.statusCode()).as(report.asString()).isEqualTo(200);
    assertThat(report.<Integer>path("evaluated")).isEqualTo(4);
    assertThat(report.<Integer>path("newlyAllowed.count")).isEqualTo(1);
    assertThat(report.<String>path("newlyAllowed.examples[0].scope"))
        .isEqualTo("stripe:orders:write");
    assertThat(report.<Integer>path("newlyDenied.count")).isEqualTo(2);
    assertThat(report.<String>path("newlyDenied.examples[0].after.reason"))
        .isEqualTo("org_policy_deny");
    assertThat(report.<Integer>path("unchanged")).isEqualTo(1);
    assertThat(authorize(agent, READ).<String>path("reason")).isEqualTo("granted");
    assertThat(
            post(
                    "/v1/policies:simulate",
                    Map.of("change", Map.of("action", "delete", "id", barrier), "limit", 2))
                .<Boolean>path("truncated"))
        .isTrue();
  }

  @Test
  void refusesASimulationThatSaysNothingSensible() {
    for (Map<String, ?> body :
        List.<Map<String, ?>>of(
            Map.of(),
            Map.of("change", Map.of("action", "frobnicate")),
            Map.of("change", Map.of("action", "update", "policy", Map.of("priority", 1))),
            Map.of("change", Map.of("id", "pol_x", "policy", Map.of()), "from", "yesterday"),
            Map.of("change", Map.of("action", "delete", "id", "pol_x"), "limit", 0))) {
      assertThat(post("/v1/policies:simulate", body).statusCode()).as("%s", body).isEqualTo(400);
    }
    assertThat(
            post(
                    "/v1/policies:simulate",
                    Map.of("change", Map.of("action", "delete", "id", "pol_x")))
                .statusCode())
        .isEqualTo(404);
  }
}
