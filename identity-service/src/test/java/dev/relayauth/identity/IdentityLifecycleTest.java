package dev.relayauth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
class IdentityLifecycleTest extends IdentityTestBase {

  @Test
  void keepsWhetherApprovalsNeedAPersonWhoSignedIn() {
    String path = "/v1/organizations/" + org;
    as(adminKey).get(path).then().body("approvalsRequireSignIn", nullValue());
    as(adminKey)
        .body(Map.of("approvalsRequireSignIn", true))
        .patch(path)
        .then()
        .statusCode(200)
        .body("approvalsRequireSignIn", equalTo(true));
    as(adminKey).body(Map.of("name", "Careful")).patch(path).then().statusCode(200);
    as(adminKey).get(path).then().body("approvalsRequireSignIn", equalTo(true));
  }

  @Test
  void createsAnAgentUnderAHumanWithTheQuickStartNames() {
    create(
            Map.of(
                "org_id",
                org,
                "workspace_id",
                "ws_prod",
                "sponsor_id",
                "user_jane",
                "name",
                "billing-bot"))
        .statusCode(201)
        .header("Relay-Revision", notNullValue())
        .header("ETag", "\"v1\"")
        .body("id", startsWith("agent_"))
        .body("orgId", equalTo(org))
        .body("workspaceId", equalTo("ws_prod"))
        .body("status", equalTo("active"))
        .body("type", equalTo("agent"))
        .body("sponsorChain[0]", equalTo("user_jane"))
        .body("scopes", hasSize(0));
  }

  @Test
  void refusesASecondAgentOfTheSameName() {
    agent("twin", "user_jane", "stripe:orders:read");
    create(Map.of("name", "twin", "sponsorId", "user_jane"))
        .statusCode(409)
        .body("code", equalTo("identity_already_exists"))
        .body("error", equalTo("identity_already_exists"))
        .body("requestId", notNullValue());
  }

  @Test
  void givesOneOfTenParallelCreatesWithOneName() throws Exception {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      calls.add(
          () -> create(Map.of("name", "racer", "sponsorId", "user_jane")).extract().statusCode());
    }
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(10)) {
      for (Future<Integer> future : pool.invokeAll(calls)) {
        statuses.add(future.get());
      }
    }
    assertThat(statuses.stream().filter(s -> s == 201)).hasSize(1);
    assertThat(statuses.stream().filter(s -> s == 409)).hasSize(9);
  }

  @Test
  void refusesASponsorWhoDoesNotExist() {
    create(Map.of("name", "orphan", "sponsorId", "user_nobody"))
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/sponsorId"));
  }

  @Test
  void buildsTheChainOfASubAgentItself() {
    String parent = agent("parent", "user_jane", "stripe:orders:*");
    as(adminKey)
        .body(
            Map.of(
                "name",
                "child",
                "scopes",
                List.of("stripe:orders:read"),
                "sponsorChain",
                List.of("user_evil")))
        .post("/v1/identities/{id}/sub-agents", parent)
        .then()
        .statusCode(201)
        .body("sponsorId", equalTo(parent))
        .body("sponsorChain[0]", equalTo("user_jane"))
        .body("sponsorChain[1]", equalTo(parent))
        .body("sponsorChain", hasSize(3));
  }

  @Test
  void refusesASubAgentThatAsksForMoreThanItsParent() {
    String parent = agent("parent", "user_jane", "stripe:orders:read");
    as(adminKey)
        .body(
            Map.of(
                "name", "greedy", "scopes", List.of("stripe:orders:read", "stripe:orders:approve")))
        .post("/v1/identities/{id}/sub-agents", parent)
        .then()
        .statusCode(403)
        .body("code", equalTo("scope_escalation"))
        .body("required", equalTo("stripe:orders:approve"));
    as(adminKey).get("/v1/identities?name=greedy").then().body("data", hasSize(0));
  }

  @Test
  void refusesAGrantThatTheCallerLacks() {
    String narrow =
        as(adminKey)
            .body(
                Map.of(
                    "name",
                    "narrow",
                    "scopes",
                    List.of("relayauth:identity:manage", "stripe:orders:read")))
            .post("/v1/api-keys")
            .then()
            .statusCode(201)
            .extract()
            .path("key");
    as(narrow)
        .body(
            Map.of(
                "name", "x", "sponsorId", "user_jane", "scopes", List.of("stripe:refunds:create")))
        .post("/v1/identities")
        .then()
        .statusCode(403)
        .body("code", equalTo("scope_escalation"));
  }

  @Test
  void refusesTheEleventhLevelOfAChain() {
    String sponsor = "user_jane";
    for (int level = 1; level <= 10; level++) {
      sponsor = agent("level-" + level, sponsor, "stripe:orders:read");
    }
    create(Map.of("name", "level-11", "sponsorId", sponsor))
        .statusCode(400)
        .body("code", equalTo("delegation_depth_exceeded"));
  }

  @Test
  void suspendsTheWholeTreeAndReactivatesIt() {
    String parent = agent("parent", "user_jane", "stripe:orders:*");
    String child = agent("child", parent, "stripe:orders:read");
    as(adminKey)
        .body(Map.of("reason", "odd behaviour"))
        .post("/v1/identities/{id}/suspend", parent)
        .then()
        .statusCode(200)
        .body("status", equalTo("suspended"))
        .body("suspendReason", equalTo("odd behaviour"))
        .body("suspendedAt", notNullValue());
    as(adminKey).get("/v1/identities/{id}", child).then().body("status", equalTo("suspended"));
    as(adminKey).post("/v1/identities/{id}/reactivate", child).then().statusCode(409);
    as(adminKey)
        .post("/v1/identities/{id}/reactivate", parent)
        .then()
        .statusCode(200)
        .body("status", equalTo("active"))
        .body("suspendedAt", nullValue());
    as(adminKey).get("/v1/identities/{id}", child).then().body("status", equalTo("active"));
  }

  @Test
  void refusesIllegalTransitions() {
    String id = agent("once", "user_jane", "stripe:orders:read");
    as(adminKey).post("/v1/identities/{id}/reactivate", id).then().statusCode(409);
    as(adminKey).post("/v1/identities/{id}/retire", id).then().statusCode(200);
    as(adminKey).post("/v1/identities/{id}/retire", id).then().statusCode(409);
    as(adminKey)
        .body(Map.of("reason", "x"))
        .post("/v1/identities/{id}/suspend", id)
        .then()
        .statusCode(409);
    as(adminKey).post("/v1/identities/{id}/reactivate", id).then().statusCode(409);
  }

  @Test
  void needsAReasonToSuspendAndAConfirmationToDelete() {
    String id = agent("careful", "user_jane", "stripe:orders:read");
    as(adminKey).body(Map.of()).post("/v1/identities/{id}/suspend", id).then().statusCode(400);
    as(adminKey).delete("/v1/identities/{id}", id).then().statusCode(400);
    as(adminKey)
        .header("X-Confirm-Delete", "true")
        .delete("/v1/identities/{id}", id)
        .then()
        .statusCode(204);
    as(adminKey)
        .get("/v1/identities/{id}", id)
        .then()
        .statusCode(404)
        .body("code", equalTo("identity_not_found"));
  }

  @Test
  void pagesNewestFirstWithoutDuplicates() {
    for (int i = 0; i < 5; i++) {
      agent("page-" + i, "user_jane", "stripe:orders:read");
    }
    List<String> seen = new ArrayList<>();
    String cursor = null;
    do {
      var request = as(adminKey).queryParam("limit", 2);
      var page =
          (cursor == null ? request : request.queryParam("cursor", cursor))
              .get("/v1/identities")
              .then()
              .statusCode(200)
              .extract();
      seen.addAll(page.<List<String>>path("data.name"));
      cursor = page.path("cursor");
    } while (cursor != null);
    assertThat(seen).containsExactly("page-4", "page-3", "page-2", "page-1", "page-0");
  }

  @Test
  void filtersByNamePrefixStatusAndSponsor() {
    String one = agent("bot_one", "user_jane", "stripe:orders:read");
    agent("bot%two", one, "stripe:orders:read");
    as(adminKey)
        .queryParam("name", "bot_")
        .get("/v1/identities")
        .then()
        .body("data.name", contains("bot_one"));
    as(adminKey)
        .queryParam("sponsorId", one)
        .get("/v1/identities")
        .then()
        .body("data.name", contains("bot%two"));
    as(adminKey)
        .queryParam("status", "suspended")
        .get("/v1/identities")
        .then()
        .body("data", hasSize(0));
    as(adminKey).queryParam("status", "purple").get("/v1/identities").then().statusCode(400);
    as(adminKey).queryParam("limit", "0").get("/v1/identities").then().statusCode(400);
    as(adminKey).queryParam("cursor", "junk").get("/v1/identities").then().statusCode(400);
  }

  @Test
  void mergesMetadataAndGuardsAgainstLostUpdates() {
    String id =
        create(Map.of("name", "meta", "sponsorId", "user_jane", "metadata", Map.of("a", "1")))
            .extract()
            .path("id");
    as(adminKey)
        .header("If-Match", "\"v1\"")
        .body(Map.of("metadata", Map.of("b", "2")))
        .patch("/v1/identities/{id}", id)
        .then()
        .statusCode(200)
        .body("metadata.a", equalTo("1"))
        .body("metadata.b", equalTo("2"));
    as(adminKey)
        .header("If-Match", "\"v1\"")
        .body(Map.of("name", "late"))
        .patch("/v1/identities/{id}", id)
        .then()
        .statusCode(412)
        .body("code", equalTo("precondition_failed"));
    as(adminKey).body(Map.of()).patch("/v1/identities/{id}", id).then().statusCode(400);
  }

  @Test
  void answersTheSameIdentityForTheSameIdempotencyKey() {
    Map<String, Object> body = Map.of("name", "once-only", "sponsorId", "user_jane");
    String first =
        as(adminKey)
            .header("Idempotency-Key", "k1")
            .body(body)
            .post("/v1/identities")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    as(adminKey)
        .header("Idempotency-Key", "k1")
        .body(body)
        .post("/v1/identities")
        .then()
        .statusCode(201)
        .body("id", equalTo(first));
    as(adminKey)
        .header("Idempotency-Key", "k1")
        .body(Map.of("name", "another", "sponsorId", "user_jane"))
        .post("/v1/identities")
        .then()
        .statusCode(409);
  }

  @Test
  void limitsCreationsAMinute() {
    as(adminKey)
        .body(Map.of("identityCreationsPerMinute", 2))
        .patch("/v1/organizations/" + org)
        .then()
        .statusCode(200);
    agent("r1", "user_jane", "stripe:orders:read");
    agent("r2", "user_jane", "stripe:orders:read");
    create(Map.of("name", "r3", "sponsorId", "user_jane"))
        .statusCode(429)
        .body("code", equalTo("rate_limited"))
        .header("Retry-After", notNullValue())
        .header("RateLimit-Limit", "2")
        .header("RateLimit-Remaining", "0");
  }

  @Test
  void keepsTheBudgetOfAChildWithinItsParents() {
    String parent =
        create(
                Map.of(
                    "name",
                    "rich",
                    "sponsorId",
                    "user_jane",
                    "scopes",
                    List.of("stripe:orders:*"),
                    "budget",
                    Map.of("maxCostPerDay", 100, "maxActionsPerHour", 10)))
            .statusCode(201)
            .extract()
            .path("id");
    create(Map.of("name", "heir", "sponsorId", parent))
        .statusCode(201)
        .body("budget.maxActionsPerHour", equalTo(10));
    create(Map.of("name", "spender", "sponsorId", parent, "budget", Map.of("maxCostPerDay", 101)))
        .statusCode(403)
        .body("code", equalTo("scope_escalation"))
        .body("detail", containsString("/budget"));
  }

  @Test
  void boundsMetadataThatGrowsByPatches() {
    Map<String, String> full = new HashMap<>();
    for (int i = 0; i < 32; i++) {
      full.put("k" + i, "v");
    }
    String id =
        create(Map.of("name", "full", "sponsorId", "user_jane", "metadata", full))
            .statusCode(201)
            .extract()
            .path("id");

    as(adminKey)
        .body(Map.of("metadata", Map.of("one-more", "v")))
        .patch("/v1/identities/" + id)
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/metadata"));
    as(adminKey)
        .body(Map.of("metadata", Map.of("k0", "w")))
        .patch("/v1/identities/" + id)
        .then()
        .statusCode(200);
  }

  @Test
  void answersTheContractForBadInput() {
    as(adminKey)
        .body("{\"name\":")
        .post("/v1/identities")
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
    as(adminKey)
        .body(Map.of("name", 5, "sponsorId", "user_jane"))
        .post("/v1/identities")
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/name"));
    as(adminKey)
        .body(Map.of("name", "x", "sponsorId", "user_jane", "type", "robot"))
        .post("/v1/identities")
        .then()
        .statusCode(400);
    as(adminKey)
        .body(Map.of("name", "x", "sponsorId", "user_jane", "scopes", List.of("nope")))
        .post("/v1/identities")
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_scope"))
        .body("scope", equalTo("nope"))
        .body("reason", notNullValue());
    as(adminKey)
        .body("x".repeat(300_000))
        .post("/v1/identities")
        .then()
        .statusCode(413)
        .body("code", equalTo("payload_too_large"));
    as(adminKey)
        .body(Map.of("name", "x", "sponsorId", "user_jane", "orgId", "org_other"))
        .post("/v1/identities")
        .then()
        .statusCode(403)
        .body("code", equalTo("org_mismatch"));
    as(adminKey).get("/v1/nowhere").then().statusCode(404).body("code", equalTo("not_found"));
    as(adminKey).body("").post("/v1/identities").then().statusCode(400);
    as(adminKey).body("[]").post("/v1/identities").then().statusCode(400);
    as(adminKey).body("null").post("/v1/identities").then().statusCode(400);
  }

  @Test
  void offboardingASponsorSuspendsEverythingUnderThem() {
    String parent = agent("p", "user_jane", "stripe:orders:*");
    String child = agent("c", parent, "stripe:orders:read");
    as(adminKey)
        .body(Map.of("status", "offboarded"))
        .patch("/v1/sponsors/user_jane")
        .then()
        .statusCode(200)
        .body("status", equalTo("offboarded"));
    as(adminKey).get("/v1/identities/{id}", parent).then().body("status", equalTo("suspended"));
    as(adminKey).get("/v1/identities/{id}", child).then().body("status", equalTo("suspended"));
    create(Map.of("name", "late", "sponsorId", "user_jane")).statusCode(400);
    as(adminKey).post("/v1/identities/{id}/reactivate", parent).then().statusCode(409);
  }
}
