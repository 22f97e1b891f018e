package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every list and every write promises. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class EdgesTest extends PolicyServiceTest {
  private ValidatableResponse get(String path) {
    return asAdmin().get(path).then();
  }

  private void refuses(String path, String cursor) {
    get(path + (path.contains("?") ? "&" : "?") + "cursor=" + cursor)
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }

  @Test
  void takesACursorInItsOwnListOnly() {
    role("first-role", "stripe:orders:read");
    role("second-role", "stripe:orders:read");
    for (String name : List.of("first-policy", "second-policy")) {
      policy(Map.of("name", name, "effect", "deny", "scopes", List.of("stripe:refunds:create")));
    }
    String ofRoles = get("/v1/roles?limit=1").statusCode(200).extract().path("cursor");
    String ofPolicies = get("/v1/policies?limit=1").statusCode(200).extract().path("cursor");

    get("/v1/roles?limit=1&cursor=" + ofRoles).statusCode(200);
    get("/v1/policies?limit=1&cursor=" + ofPolicies).statusCode(200);
    refuses("/v1/roles", ofPolicies);
    refuses("/v1/policies", ofRoles);
    refuses("/v1/approvals", ofRoles);
    refuses("/v1/approvals?status=pending", ofPolicies);
    as(world.apiKey(world.id(dev.relayauth.common.id.IdPrefix.ORGANIZATION), "*"))
        .get("/v1/roles?cursor=" + ofRoles)
        .then()
        .statusCode(400);
  }

  @Test
  void takesACursorOfAnAgentsLedgerInThatLedgerOnly() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    IdentityState other = world.agent(org, "stripe:orders:read");
    String entries = "/v1/budgets/" + agent.id() + "/entries";
    post("/v1/budgets/" + agent.id() + "/spend", Map.of("amount", 1)).then().statusCode(201);
    post("/v1/budgets/" + agent.id() + "/spend", Map.of("amount", 2)).then().statusCode(201);

    String cursor = get(entries + "?limit=1").statusCode(200).extract().path("cursor");

    assertThat(cursor).isNotNull();
    get(entries + "?limit=1&cursor=" + cursor).statusCode(200).body("data.size()", equalTo(1));
    refuses("/v1/budgets/" + other.id() + "/entries", cursor);
    for (String junk : List.of("junk", "1", "zz", "-1")) {
      refuses(entries, junk);
    }
    get(entries + "?limit=0").statusCode(400);
  }

  @Test
  void listsTheRolesOfAnIdentityInPagesToo() {
    String first = role("page-one", "stripe:orders:read");
    String second = role("page-two", "stripe:orders:read");
    IdentityState agent = withRoles(world.agent(org, "stripe:orders:read"), first, second);
    String roles = "/v1/identities/" + agent.id() + "/roles";
    eventually(() -> get(roles).statusCode(200).body("data.size()", equalTo(2)));

    String cursor =
        get(roles + "?limit=1")
            .body("data[0].id", equalTo(second))
            .body("cursor", notNullValue())
            .extract()
            .path("cursor");
    get(roles + "?limit=1&cursor=" + cursor)
        .body("data[0].id", equalTo(first))
        .body("cursor", nullValue());
    for (String bad : List.of("limit=0", "limit=201", "limit=x", "cursor=junk")) {
      get(roles + "?" + bad).statusCode(400).body("code", equalTo("validation_failed"));
    }
    refuses("/v1/roles", cursor);
  }

  @Test
  void answersEveryWriteOfTheLedgerWithARevision() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    String budget = "/v1/budgets/" + agent.id();
    String kept = reserved(budget);
    String dropped = reserved(budget);
    revised(asAdmin().post(budget + "/reservations/" + kept + "/commit"), 200);
    revised(asAdmin().post(budget + "/reservations/" + dropped + "/void"), 200);
    revised(post(budget + "/spend", Map.of("amount", 5)), 201);
    String revision = revised(post(budget + "/credit", Map.of("amount", 1)), 201);

    asAdmin().header("Relay-Revision", revision).get(budget + "/entries").then().statusCode(200);
  }

  private String reserved(String budget) {
    Response reserved = post(budget + "/reservations", Map.of("amount", 3));
    revised(reserved, 201);
    return reserved.path("id");
  }

  private static String revised(Response answer, int status) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
    assertThat(answer.header("Relay-Revision")).isNotBlank();
    return answer.header("Relay-Revision");
  }

  @Test
  void namesTheAgentThatWasToGetTooMuchAndNeverAKey() {
    String role = role("too-much", "stripe:refunds:create");
    IdentityState agent = world.agent(org, "stripe:orders:read");
    String key =
        world.apiKey(org, "relayauth:identity:manage", "relayauth:role:manage", "a:b:read");
    eventually(() -> get("/v1/identities/" + agent.id() + "/roles").statusCode(200));
    as(key)
        .body(Map.of("roleId", role))
        .post("/v1/identities/" + agent.id() + "/roles")
        .then()
        .statusCode(403)
        .body("code", equalTo("scope_escalation"));
    AuditRecord given = escalation("stripe:refunds:create");
    assertThat(given.identityId()).isEqualTo(agent.id());
    assertThat(given.metadata().get("actorId")).startsWith("ak_");

    as(key)
        .body(Map.of("name", "own-role", "scopes", List.of("stripe:orders:delete")))
        .post("/v1/roles")
        .then()
        .statusCode(403);
    AuditRecord made = escalation("stripe:orders:delete");
    assertThat(made.identityId()).isNull();
    assertThat(made.metadata().get("actorId")).startsWith("ak_");
  }

  private AuditRecord escalation(String scope) {
    return AuditTopic.of(world)
        .find(org, "scope.escalation_denied", found -> scope.equals(found.metadata().get("scope")));
  }

  @Test
  void asksInUtf8Only() throws Exception {
    byte[] wide =
        "{\"identityId\":\"agent_x\",\"scope\":\"a:b:c\"}".getBytes(StandardCharsets.UTF_16LE);
    assertThat(asked("application/json", wide)).isEqualTo(400);
    assertThat(asked("application/json; charset=UTF-16LE", wide)).isEqualTo(415);
  }

  private int asked(String type, byte[] body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:" + RestAssured.port + "/v1/authorize"))
                  .header("x-api-key", admin)
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void namesTheMethodsThatWouldDo() {
    assertThat(asAdmin().get("/v1/authorize").then().statusCode(405).extract().header("Allow"))
        .contains("POST");
  }
}
