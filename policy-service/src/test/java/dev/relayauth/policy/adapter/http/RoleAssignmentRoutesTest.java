package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.Peers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class RoleAssignmentRoutesTest extends PolicyServiceTest {
  @Test
  void assignsAndRemovesThroughTheIdentityService() {
    String role = role("order-reader", "stripe:orders:read");
    IdentityState agent = world.agent(org);
    identityServiceKeeps(agent);
    Response assigned =
        asAdmin().body(Map.of("roleId", role)).post("/v1/identities/" + agent.id() + "/roles");
    assertThat(assigned.statusCode()).as(assigned.asString()).isEqualTo(201);
    assertThat(assigned.<String>path("id")).isEqualTo(agent.id());
    assertThat(assigned.<List<String>>path("roles")).containsExactly(role);
    assertThat(assigned.<List<String>>path("sponsorChain"))
        .containsExactly("user_jane", agent.id());
    assertThat(authorize(agent, "stripe:orders:read").<String>path("matched.role")).isEqualTo(role);
    Response listed = asAdmin().get("/v1/identities/" + agent.id() + "/roles");
    assertThat(listed.<List<String>>path("data.id")).containsExactly(role);
    assertThat(asAdmin().delete("/v1/identities/" + agent.id() + "/roles/" + role).statusCode())
        .isEqualTo(204);
    assertThat(authorize(agent, "stripe:orders:read").<Boolean>path("allowed")).isFalse();
    assertThat(asAdmin().delete("/v1/identities/" + agent.id() + "/roles/" + role).statusCode())
        .isEqualTo(404);
  }

  @Test
  void refusesARoleThatTheCallerDoesNotHold() {
    String role = role("order-writer", "stripe:orders:write");
    IdentityState agent = world.agent(org);
    String caller = world.apiKey(org, "relayauth:identity:manage", "relayauth:role:manage");
    Response refused =
        as(caller).body(Map.of("roleId", role)).post("/v1/identities/" + agent.id() + "/roles");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.<String>path("code")).isEqualTo("scope_escalation");
  }

  @Test
  void refusesWhatIsNotThere() {
    IdentityState agent = world.agent(org);
    String path = "/v1/identities/" + agent.id() + "/roles";
    assertThat(asAdmin().body(Map.of("roleId", "role_nope")).post(path).<String>path("code"))
        .isEqualTo("role_not_found");
    assertThat(asAdmin().body(Map.of()).post(path).statusCode()).isEqualTo(400);
    assertThat(asAdmin().post(path).statusCode()).isEqualTo(400);
    String role = role("some-role", "stripe:orders:read");
    assertThat(
            asAdmin()
                .body(Map.of("roleId", role))
                .post("/v1/identities/agent_nobody/roles")
                .<String>path("code"))
        .isEqualTo("identity_not_found");
    assertThat(asAdmin().get("/v1/identities/agent_nobody/roles").statusCode()).isEqualTo(404);
    IdentityState foreign = world.agent(world.id(IdPrefix.ORGANIZATION));
    assertThat(asAdmin().get("/v1/identities/" + foreign.id() + "/roles").statusCode())
        .isEqualTo(404);
  }

  /** The peer keeps the assignments of one agent and publishes each change. */
  private void identityServiceKeeps(IdentityState agent) {
    IdentityState[] kept = {agent};
    world
        .peers()
        .on(
            "/internal/v1/identities/" + org + "/" + agent.id() + "/roles",
            call -> {
              boolean removes = call.method().equals("DELETE");
              kept[0] = removes ? withRoles(kept[0]) : withRoles(kept[0], roleIn(call));
              return kept[0];
            });
  }

  private static String roleIn(Peers.Call call) {
    try {
      JsonNode body = Json.MAPPER.readTree(call.body());
      JsonNode auditRecord = body.path("auditRecord");
      assertThat(auditRecord.path("action").asText()).isEqualTo("role.assigned");
      assertThat(auditRecord.path("metadata").path("actorId").asText()).isNotBlank();
      return body.path("roleId").asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
