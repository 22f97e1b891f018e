package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class PolicyTestRoutesTest extends PolicyServiceTest {
  private static final String YAML =
      """
      agents:
        - {id: agent_clerk, scopes: ["stripe:orders:*"]}
      cases:
        - name: clerks read orders
          identity: agent_clerk
          scope: "stripe:orders:read"
          expect: {decision: allow}
        - name: clerks pay nobody
          identity: agent_clerk
          token: {scopes: ["*"], age: 60}
          scope: "stripe:payouts:create"
          context: {risk: 1}
          expect: {decision: deny, reason: implicit_deny}
      """;

  private void keep(String yaml) {
    Response kept = post("/v1/policy-tests", Map.of("name", "clerks", "yaml", yaml));
    assertThat(kept.statusCode()).as(kept.asString()).isEqualTo(201);
  }

  private static Map<String, Object> denyReading() {
    return Map.of("name", "no-reading", "effect", "deny", "scopes", List.of("stripe:orders:read"));
  }

  @Test
  void keepsAndRunsTests() {
    keep(YAML);
    Response report = asAdmin().post("/v1/policy-tests:run");
    assertThat(report.statusCode()).as(report.asString()).isEqualTo(200);
    assertThat(report.<Integer>path("passed")).isEqualTo(2);
    assertThat(report.<Integer>path("failed")).isZero();
    assertThat(asAdmin().get("/v1/policy-tests").<List<String>>path("data.name"))
        .containsExactly("clerks");
    assertThat(asAdmin().get("/v1/policy-tests/clerks").<String>path("yaml")).isEqualTo(YAML);
    assertThat(asAdmin().delete("/v1/policy-tests/clerks").statusCode()).isEqualTo(204);
    assertThat(asAdmin().get("/v1/policy-tests/clerks").statusCode()).isEqualTo(404);
    assertThat(asAdmin().delete("/v1/policy-tests/clerks").statusCode()).isEqualTo(404);
  }

  @Test
  void refusesAChangeThatBreaksACaseUnlessForced() {
    keep(YAML);
    Response refused = post("/v1/policies", denyReading());
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(409);
    assertThat(refused.<String>path("broken[0].name")).isEqualTo("clerks read orders");
    assertThat(refused.<String>path("broken[0].reason")).isEqualTo("org_policy_deny");
    assertThat(asAdmin().get("/v1/policies").<List<?>>path("data")).isEmpty();
    assertThat(post("/v1/policies?force=true", denyReading()).statusCode()).isEqualTo(201);
    Response report = asAdmin().post("/v1/policy-tests:run");
    assertThat(report.<Integer>path("failed")).isEqualTo(1);
    policy(Map.of("name", "other", "effect", "deny", "scopes", List.of("stripe:refunds:create")));
  }

  @Test
  void refusesARoleChangeThatBreaksACase() {
    String role = role("reader", "stripe:orders:read");
    IdentityState agent = withRoles(world.agent(org), role);
    eventually(
        () -> assertThat(authorize(agent, "stripe:orders:read").<Boolean>path("allowed")).isTrue());
    keep(
        """
        cases:
          - {name: readers read, identity: %s, scope: "stripe:orders:read", expect: {decision: allow}}
        """
            .formatted(agent.id()));
    assertThat(asAdmin().delete("/v1/roles/" + role).statusCode()).isEqualTo(409);
    assertThat(asAdmin().delete("/v1/roles/" + role + "?force=true").statusCode()).isEqualTo(204);
  }

  @Test
  void runsATestThatNobodyKeeps() {
    Response report = post("/v1/policy-tests:run", Map.of("yaml", YAML));
    assertThat(report.<Integer>path("passed")).isEqualTo(2);
    assertThat(asAdmin().get("/v1/policy-tests").<List<?>>path("data")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cases: []",
        "cases: 7",
        "[",
        "cases: [null]",
        "agents: [{id: a, parent: b}]\ncases: [{name: n, identity: a, scope: '*', expect: {decision: allow}}]",
        "cases: [{name: n, identity: a, scope: 'x', expect: {decision: allow}}]",
        "cases: [{name: n, identity: a, scope: '*', expect: {decision: maybe}}]",
        "cases: [{name: n, identity: a, scope: '*', unheard: 1, expect: {decision: allow}}]",
        "a: &a [x]\ncases: [*a, *a]",
        "cases: [{name: n, identity: a, scope: '*', context: {ip: nowhere}, expect: {decision: allow}}]",
        "--- !!javax.script.ScriptEngineManager [!!java.net.URL ['http://127.0.0.1']]"
      })
  void refusesWhatIsNoTest(String yaml) {
    Response refused = post("/v1/policy-tests", Map.of("name", "clerks", "yaml", yaml));
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(400);
  }
}
