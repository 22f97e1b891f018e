package dev.relayauth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.Actor;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent that may manage identities may do to others: nothing but under itself. */
@QuarkusTest
class AgentReachTest extends IdentityTestBase {
  private static final Map<String, Object> LIMITS = Map.of("maxActionsPerHour", 5);

  private String parent = "";
  private String self = "";
  private String child = "";
  private String sibling = "";

  @BeforeEach
  void makeAFamily() {
    parent = agent("parent", "user_jane", "relayauth:*:*");
    self = agent("self", parent, "relayauth:*:*");
    child = agent("child", self, "relayauth:*:*");
    sibling = agent("sibling", parent, "relayauth:*:*");
  }

  @Test
  void sponsorsOnlyFromItsOwnPlace() {
    for (RequestSpecification caller : List.of(byToken(self), byKey(self))) {
      for (String sponsor : List.of("user_jane", parent, sibling)) {
        refused(caller.body(Map.of("name", "peer", "sponsorId", sponsor)).post("/v1/identities"))
            .body("detail", containsString(self));
      }
      for (String above : List.of(parent, sibling)) {
        refused(
            caller.body(Map.of("name", "peer")).post("/v1/identities/" + above + "/sub-agents"));
      }
    }
    as(adminKey).get("/v1/identities?name=peer").then().body("data.size()", equalTo(0));
    made(byToken(self), "under-me", self);
    made(byKey(self), "under-mine", child);
    byToken(self)
        .body(Map.of("name", "again"))
        .post("/v1/identities/" + child + "/sub-agents")
        .then()
        .statusCode(201);
    List<AuditRecord> trail =
        new Trail(world, org).await(record -> record.action().equals("scope.escalation_denied"));
    assertThat(trail)
        .filteredOn(record -> record.action().equals("scope.escalation_denied"))
        .hasSize(10)
        .allSatisfy(
            record -> {
              assertThat(record.identityId()).isEqualTo(self);
              assertThat(record.sponsorChain()).containsExactly("user_jane", parent, self);
              assertThat(record.result()).isEqualTo(AuditRecord.Result.denied);
              assertThat(record.metadata()).containsKey("reason");
            });
  }

  @Test
  void sponsorsOnlyFromItsOwnPlaceInABatchAndInAConfiguration() {
    byToken(self)
        .urlEncodingEnabled(false)
        .body(
            Map.of(
                "identities",
                List.of(
                    Map.of("name", "in-batch", "sponsorId", self),
                    Map.of("name", "peer-in-batch", "sponsorId", "user_jane"))))
        .post("/v1/identities:batch")
        .then()
        .body("results[0].status", equalTo(201))
        .body("results[1].status", equalTo(403))
        .body("results[1].problem.code", equalTo("scope_escalation"));
    refused(
        byToken(self)
            .urlEncodingEnabled(false)
            .body(
                """
                {"identities":[{"name":"in-file","sponsor":"user_jane"}]}
                """)
            .post("/v1/config:apply"));
    refused(
        byToken(self)
            .urlEncodingEnabled(false)
            .body(
                """
                {"budgets":[{"identity":"sibling","maxActionsPerHour":5}]}
                """)
            .post("/v1/config:apply"));
  }

  @Test
  void bindsWhatAnAgentHasMadeWhateverItsType() {
    String service = of("service", self);
    refused(
        byToken(service)
            .body(Map.of("name", "p", "sponsorId", "user_jane"))
            .post("/v1/identities"));
    made(byToken(service), "below", service);
  }

  @Test
  void leavesServicesPeopleAndBareKeysAlone() {
    made(byToken(of("service", "user_jane")), "by-service", parent);
    made(byToken(of("human", "user_jane")), "by-human", "user_jane");
    made(as(key("bare", "relayauth:*:*")), "by-key", "user_jane");
  }

  @Test
  void setsBudgetsAndEndsOnlyOfThoseUnderIt() {
    for (RequestSpecification caller : List.of(byToken(self), byKey(self))) {
      for (String other : List.of(self, parent, sibling)) {
        refused(caller.body(Map.of("budget", LIMITS)).patch("/v1/identities/" + other));
        refused(
            caller
                .body(Map.of("expiresAt", "2099-01-01T00:00:00Z"))
                .patch("/v1/identities/" + other));
      }
      caller
          .body(Map.of("budget", LIMITS, "expiresAt", "2099-01-01T00:00:00Z"))
          .patch("/v1/identities/" + child)
          .then()
          .statusCode(200)
          .body("budget.maxActionsPerHour", equalTo(5));
    }
  }

  @Test
  void suspendsRetiresDeletesAndPatchesNeitherItselfNorThoseAboveIt() {
    Map<String, Object> reason = Map.of("reason", "x");
    for (RequestSpecification caller : List.of(byToken(self), byKey(self), byActor(self))) {
      for (String other : List.of(self, parent)) {
        String path = "/v1/identities/" + other;
        refused(caller.body(reason).post(path + "/suspend"));
        refused(caller.body("{}").post(path + "/reactivate"));
        refused(caller.body("{}").post(path + "/retire"));
        refused(caller.header("X-Confirm-Delete", "true").delete(path));
        refused(caller.body(Map.of("metadata", Map.of("a", "b"))).patch(path));
        as(adminKey).get(path).then().body("status", equalTo("active"));
      }
      for (String other : List.of(child, sibling)) {
        String path = "/v1/identities/" + other;
        caller.body(reason).post(path + "/suspend").then().statusCode(200);
        caller.body("{}").post(path + "/reactivate").then().statusCode(200);
        caller.body(Map.of("metadata", Map.of("a", "b"))).patch(path).then().statusCode(200);
      }
    }
  }

  @Test
  void anAgentThatActsForAServiceMakesOnlyWhatStandsUnderItself() {
    RequestSpecification caller = byActor(self);
    refused(caller.body(Map.of("name", "p", "sponsorId", "user_jane")).post("/v1/identities"));
    made(caller, "below-the-actor", self);
    caller
        .body(Map.of("name", "of-the-actor", "scopes", List.of("relayauth:identity:read")))
        .post("/v1/api-keys")
        .then()
        .statusCode(201)
        .body("apiKey.identityId", equalTo(self));
  }

  @Test
  void changesNobodyWhoAnswersForIt() {
    for (RequestSpecification caller : List.of(byToken(self), byKey(self), byActor(self))) {
      refused(caller.body(Map.of("status", "offboarded")).patch("/v1/sponsors/user_jane"));
      caller.body(Map.of("name", "w")).patch("/v1/workspaces/ws_prod").then().statusCode(200);
    }
  }

  @Test
  void endsAndRenewsOnlyItsOwnKeysAndThoseOfAgentsUnderIt() {
    for (String other : List.of(parent, sibling, "")) {
      String id = keyOf(other).getString("apiKey.id");
      for (String verb : List.of("revoke", "rotate")) {
        refused(byToken(self).post("/v1/api-keys/" + id + "/" + verb));
        refused(byKey(self).post("/v1/api-keys/" + id + "/" + verb));
      }
      as(adminKey).post("/v1/api-keys/" + id + "/revoke").then().statusCode(200);
    }
    for (String own : List.of(self, child)) {
      String id = keyOf(own).getString("apiKey.id");
      byToken(self).post("/v1/api-keys/" + id + "/rotate").then().statusCode(201);
      byKey(self).post("/v1/api-keys/" + id + "/revoke").then().statusCode(200);
    }
  }

  private static ValidatableResponse refused(io.restassured.response.Response answer) {
    return answer.then().statusCode(403).body("code", equalTo("scope_escalation"));
  }

  private void made(RequestSpecification caller, String name, String sponsor) {
    caller
        .body(Map.of("name", name, "sponsorId", sponsor))
        .post("/v1/identities")
        .then()
        .statusCode(201);
  }

  private String of(String type, String sponsor) {
    Map<String, Object> body = new HashMap<>();
    body.put("name", type);
    body.put("type", type);
    body.put("sponsorId", sponsor);
    body.put("scopes", List.of("relayauth:*:*"));
    return create(body).statusCode(201).extract().path("id");
  }

  private RequestSpecification byToken(String id) {
    List<String> chain = as(adminKey).get("/v1/identities/" + id).path("sponsorChain");
    return bearer(token(id, chain, "relayauth:*:*"));
  }

  /** A service's token, by which the agent acts. */
  private RequestSpecification byActor(String id) {
    String service =
        create(
                Map.of(
                    "name",
                    world.id(IdPrefix.IDENTITY),
                    "type",
                    "service",
                    "sponsorId",
                    "user_jane",
                    "scopes",
                    List.of("relayauth:*:*")))
            .statusCode(201)
            .extract()
            .path("id");
    List<String> chain = as(adminKey).get("/v1/identities/" + id).path("sponsorChain");
    return bearer(
        world.sign(
            claims(service, List.of("user_jane", service), "relayauth:*:*")
                .act(new Actor(id, chain, null))
                .build()));
  }

  private RequestSpecification byKey(String id) {
    return as(keyOf(id).getString("key"));
  }

  private JsonPath keyOf(String id) {
    Map<String, Object> body = new HashMap<>();
    body.put("name", "key");
    body.put("scopes", List.of("relayauth:*:*"));
    if (!id.isEmpty()) {
      body.put("identityId", id);
    }
    return as(adminKey).body(body).post("/v1/api-keys").then().statusCode(201).extract().jsonPath();
  }
}
