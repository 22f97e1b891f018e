package dev.relayauth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.json.Json;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Batches and exports. */
@QuarkusTest
class FleetTest extends IdentityTestBase {
  @Test
  void createsEachThatCanBeCreatedAndSaysWhatBecameOfTheOthers() {
    agent("taken", "user_jane", "stripe:orders:read");
    String body =
        """
        {"identities":[
          {"name":"b-0","sponsorId":"user_jane","scopes":["stripe:orders:read"]},
          {"name":"taken","sponsorId":"user_jane"},
          {"name":5,"sponsorId":"user_jane"},
          {"name":"b-3","sponsorId":"user_nobody"},
          {"name":"b-4","sponsorId":"user_jane","scopes":["nope"]},
          {"name":"b-5","sponsorId":"user_jane","orgId":"org_other"},
          {"name":"b-0","sponsorId":"user_jane"},
          {"name":"b-\\u0000","sponsorId":"user_jane"},
          null,
          {"name":"b-9","sponsor_id":"user_jane","workspace_id":"ws_prod"}]}
        """;
    List<Integer> statuses =
        plain(adminKey)
            .body(body)
            .post("/v1/identities:batch")
            .then()
            .statusCode(200)
            .header("Relay-Revision", notNullValue())
            .body("created", equalTo(2))
            .body("failed", equalTo(8))
            .body("results[0].identity.name", equalTo("b-0"))
            .body("results[1].problem.code", equalTo("identity_already_exists"))
            .body("results[2].problem.errors[0].pointer", equalTo("/name"))
            .body("results[4].problem.scope", equalTo("nope"))
            .body("results[9].index", equalTo(9))
            .extract()
            .path("results.status");
    assertThat(statuses).containsExactly(201, 409, 400, 400, 400, 403, 409, 400, 400, 201);
    as(adminKey).get("/v1/identities").then().body("data", hasSize(3));
  }

  @Test
  void refusesABatchThatIsNone() {
    for (String body :
        List.of("{}", "[]", "5", "{\"identities\":{}}", "", "null", "{\"identities\":[]}")) {
      plain(adminKey).body(body).post("/v1/identities:batch").then().statusCode(400);
    }
    List<Map<String, String>> many = new ArrayList<>();
    for (int i = 0; i <= 1000; i++) {
      many.add(Map.of("name", "n" + i, "sponsorId", "user_jane"));
    }
    plain(adminKey)
        .body(Map.of("identities", many))
        .post("/v1/identities:batch")
        .then()
        .statusCode(400);
    plain(adminKey)
        .body("[\"" + "x".repeat(300_000) + "\"]")
        .post("/v1/identities:batch")
        .then()
        .statusCode(413);
    as(adminKey).get("/v1/identities").then().body("data", hasSize(0));
  }

  @Test
  void countsEachOfABatchAgainstTheCreationLimit() {
    as(adminKey)
        .body(Map.of("identityCreationsPerMinute", 2))
        .patch("/v1/organizations/" + org)
        .then()
        .statusCode(200);
    List<Map<String, String>> three =
        List.of(
            Map.of("name", "one", "sponsorId", "user_jane"),
            Map.of("name", "two", "sponsorId", "user_jane"),
            Map.of("name", "three", "sponsorId", "user_jane"));
    plain(adminKey)
        .body(three)
        .post("/v1/identities:batch")
        .then()
        .statusCode(200)
        .body("created", equalTo(2))
        .body("results[2].status", equalTo(429))
        .body("results[2].problem.code", equalTo("rate_limited"));
  }

  @Test
  void putsAnEscalationInABatchOnRecord() {
    String narrow = key("narrow", "relayauth:identity:manage", "stripe:orders:read");
    plain(narrow)
        .body(
            List.of(
                Map.of(
                    "name",
                    "ok",
                    "sponsorId",
                    "user_jane",
                    "scopes",
                    List.of("stripe:orders:read")),
                Map.of(
                    "name",
                    "greedy",
                    "sponsorId",
                    "user_jane",
                    "scopes",
                    List.of("stripe:refunds:create"))))
        .post("/v1/identities:batch")
        .then()
        .statusCode(200)
        .body("results[0].status", equalTo(201))
        .body("results[1].status", equalTo(403))
        .body("results[1].problem.required", equalTo("stripe:refunds:create"));
    assertThat(
            new Trail(world, org)
                .await(entry -> entry.action().equals("scope.escalation_denied")).stream()
                    .filter(entry -> entry.action().equals("identity.created")))
        .hasSize(1);
  }

  @Test
  void suspendsATreeOfHundredsWithARecordOfEach() {
    String root = agent("root", "user_jane", "stripe:orders:read");
    List<Map<String, String>> fleet = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      fleet.add(Map.of("name", "leaf-" + i, "sponsorId", root));
    }
    plain(adminKey).body(fleet).post("/v1/identities:batch").then().body("created", equalTo(150));
    as(adminKey)
        .body(Map.of("reason", "größer als 200 \\ Zeilen"))
        .post("/v1/identities/{id}/suspend", root)
        .then()
        .statusCode(200);
    as(adminKey).body(Map.of("metadata", Map.of("a", "b"))).patch("/v1/identities/{id}", root);
    List<AuditRecord> suspended =
        new Trail(world, org)
            .await(entry -> entry.action().equals("identity.updated")).stream()
                .filter(entry -> entry.action().equals("identity.suspended"))
                .toList();
    assertThat(suspended)
        .hasSize(151)
        .allSatisfy(
            entry ->
                assertThat(entry.metadata()).containsEntry("reason", "größer als 200 \\ Zeilen"));
    assertThat(suspended).extracting(AuditRecord::identityId).doesNotHaveDuplicates();
    as(adminKey).get("/v1/identities?status=suspended&limit=200").then().body("data", hasSize(151));
  }

  @Test
  void exportsEveryIdentityThatTheFiltersMatch() {
    List<Map<String, String>> fleet = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      fleet.add(Map.of("name", "fleet-" + i, "sponsorId", "user_jane"));
    }
    plain(adminKey).body(fleet).post("/v1/identities:batch").then().body("created", equalTo(1000));
    String suspended = agent("sleeper", "user_jane", "stripe:orders:read");
    as(adminKey).body(Map.of("reason", "x")).post("/v1/identities/{id}/suspend", suspended);
    String text =
        plain(adminKey)
            .get("/v1/identities:export?status=active")
            .then()
            .statusCode(200)
            .contentType("application/x-ndjson")
            .extract()
            .asString();
    List<String> names =
        Arrays.stream(text.split("\n"))
            .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), Map.class))
            .map(line -> String.valueOf(line.get("name")))
            .toList();
    assertThat(names).hasSize(1000).doesNotContain("sleeper");
    assertThat(new HashSet<>(names)).hasSize(1000);
    plain(adminKey).get("/v1/identities:export?status=purple").then().statusCode(400);
  }
}
