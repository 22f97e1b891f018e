package dev.relayauth.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.common.event.AuditRecord;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The policy service checks who sets limits and who overran them; the rows are ours. */
@QuarkusTest
class BudgetsOfIdentitiesTest extends IdentityTestBase {
  @Test
  void setsLimitsWithTheirRecordAndWithinTheParents() {
    String parent = agent("parent", "user_jane", "stripe:orders:read");
    String child = agent("child", parent, "stripe:orders:read");
    limits(parent, Map.of("maxActionsPerHour", 10, "maxCostPerDay", 5))
        .statusCode(200)
        .body("revision", notNullValue())
        .body("identity.budget.maxActionsPerHour", equalTo(10));
    limits(child, Map.of("maxActionsPerHour", 11))
        .statusCode(403)
        .body("errors[0].pointer", equalTo("/maxActionsPerHour"));
    limits(child, Map.of("maxCostPerDay", 6))
        .statusCode(403)
        .body("errors[0].pointer", equalTo("/maxCostPerDay"))
        .body("detail", equalTo("/maxCostPerDay is more than the parent's"));
    limits(child, Map.of("maxCostPerDay", 5, "currency", "EUR"))
        .statusCode(403)
        .body("errors[0].pointer", equalTo("/currency"));
    limits(child, Map.of("maxCostPerDay", -1)).statusCode(400);
    limits(child, Map.of("maxActionsPerHour", 9)).statusCode(200);
    as(adminKey)
        .get("/v1/identities/{id}", child)
        .then()
        .body("budget.maxActionsPerHour", equalTo(9));
    limits("agent_nobody", Map.of("maxActionsPerHour", 1)).statusCode(404);
    List<AuditRecord> trail =
        new Trail(world, org)
            .await(
                entry ->
                    entry.action().equals("budget.updated") && child.equals(entry.identityId()));
    assertThat(trail)
        .filteredOn(entry -> entry.action().equals("budget.updated"))
        .allSatisfy(entry -> assertThat(entry.metadata()).containsEntry("actorId", "ak_boss"));
  }

  @Test
  void limitsThatSayNothingAreNoneSoThatTheParentsAreSeen() {
    String parent = agent("parent", "user_jane", "stripe:orders:read");
    String child = agent("child", parent, "stripe:orders:read");
    limits(parent, Map.of("maxActionsPerHour", 10)).statusCode(200);
    limits(child, Map.of("maxActionsPerHour", 9)).statusCode(200);
    limits(child, Map.of()).statusCode(200).body("identity.budget", nullValue());
    as(adminKey)
        .get("/v1/identities/{id}", child)
        .then()
        .body("budget.maxActionsPerHour", equalTo(10));
    limits(child, Map.of("maxActionsPerHour", 9)).statusCode(200);
    as(adminKey)
        .body(Map.of("budget", Map.of()))
        .patch("/v1/identities/{id}", child)
        .then()
        .statusCode(200)
        .body("budget.maxActionsPerHour", equalTo(10));
  }

  @Test
  void keepsTheCurrencyOfBudgetsBelow() {
    String top = agent("top", "user_jane", "stripe:orders:read");
    String between = agent("between", top, "stripe:orders:read");
    String child = agent("child", between, "stripe:orders:read");
    limits(top, Map.of("maxCostPerDay", 9)).statusCode(200);
    limits(child, Map.of("maxCostPerDay", 5)).statusCode(200);
    Map<String, Object> euros = Map.of("maxCostPerDay", 9, "currency", "EUR");
    limits(top, euros)
        .statusCode(409)
        .body("code", equalTo("conflict"))
        .body("errors[0].pointer", equalTo("/currency"))
        .body("detail", equalTo("the budget of " + child + " below it is in USD"));
    as(adminKey)
        .body(Map.of("budget", euros))
        .patch("/v1/identities/{id}", top)
        .then()
        .statusCode(409)
        .body("errors[0].pointer", equalTo("/budget/currency"));
    limits(between, euros).statusCode(403);
    limits(top, Map.of("maxActionsPerHour", 9)).statusCode(200);
    limits(between, euros).statusCode(409);
    limits(child, Map.of("maxActionsPerHour", 5)).statusCode(200);
    limits(top, euros).statusCode(200);
    limits(child, Map.of("maxCostPerDay", 5)).statusCode(403);
    limits(child, Map.of("maxCostPerDay", 5, "currency", "EUR")).statusCode(200);
  }

  @Test
  void staysWithinTheLimitsOfAllAbove() {
    String top = agent("top", "user_jane", "stripe:orders:read");
    String between = agent("between", top, "stripe:orders:read");
    limits(top, Map.of("maxCostPerDay", 20, "scopeCaps", List.of(cap("stripe:orders:*", 5))))
        .statusCode(200);
    limits(between, Map.of("maxActionsPerHour", 5)).statusCode(200);
    create(under(between, Map.of("maxCostPerDay", 30)))
        .statusCode(403)
        .body("code", equalTo("scope_escalation"))
        .body("errors[0].pointer", equalTo("/budget/maxCostPerDay"));
    create(
            under(
                between,
                Map.of("scopeCaps", List.of(cap("x:y:z", 9), cap("stripe:orders:read", 6)))))
        .statusCode(403)
        .body("errors[0].pointer", equalTo("/budget/scopeCaps/1/max"));
    create(under(between, Map.of("maxActionsPerHour", 2, "currency", "EUR")))
        .statusCode(403)
        .body("errors[0].pointer", equalTo("/budget/currency"));
    create(
            under(
                between,
                Map.of("maxCostPerDay", 20, "scopeCaps", List.of(cap("stripe:orders:read", 5)))))
        .statusCode(201);
    limits(between, Map.of("maxCostPerDay", 21)).statusCode(403);
  }

  private static Map<String, Object> cap(String scope, int max) {
    return Map.of("scope", scope, "max", max, "window", "1h");
  }

  private static Map<String, Object> under(String parent, Map<String, Object> budget) {
    return Map.of(
        "name",
        "child-" + UUID.randomUUID(),
        "sponsorId",
        parent,
        "scopes",
        List.of("stripe:orders:read"),
        "budget",
        budget);
  }

  @Test
  void suspendsWhoOverranABudgetWithItsTreeOnce() {
    List<String> orders = new CopyOnWriteArrayList<>();
    world
        .peers()
        .on(
            "/internal/v1/revocations",
            call -> {
              orders.add(call.body());
              return revoked(call);
            });
    String parent = agent("parent", "user_jane", "stripe:orders:read");
    String child = agent("child", parent, "stripe:orders:read");
    suspension(parent).statusCode(204);
    suspension(parent).statusCode(204);
    for (String id : List.of(parent, child)) {
      as(adminKey)
          .get("/v1/identities/{id}", id)
          .then()
          .body("status", equalTo("suspended"))
          .body("suspendReason", equalTo("the budget is used up: actions"));
    }
    suspension("agent_nobody").statusCode(404);
    assertThat(orders)
        .filteredOn(body -> body.contains("\"targetId\":\"" + parent))
        .isNotEmpty()
        .allMatch(body -> body.contains("\"initiator\":\"policy\""));
  }

  @Test
  void anAgentPatchesTheBudgetsOfItsDescendantsAlone() {
    String id = agent("greedy", "user_jane", "relayauth:identity:manage");
    String child = agent("below", id, "relayauth:identity:manage");
    String sibling = agent("beside", "user_jane", "relayauth:identity:manage");
    String key =
        as(adminKey)
            .body(
                Map.of(
                    "name",
                    "own",
                    "scopes",
                    List.of("relayauth:identity:manage"),
                    "identityId",
                    id))
            .post("/v1/api-keys")
            .then()
            .statusCode(201)
            .extract()
            .path("key");
    for (String other : List.of(id, sibling)) {
      as(key)
          .body(Map.of("budget", Map.of("maxActionsPerHour", 1_000_000)))
          .patch("/v1/identities/{id}", other)
          .then()
          .statusCode(403)
          .body("code", equalTo("scope_escalation"));
    }
    as(key)
        .body(Map.of("budget", Map.of("maxActionsPerHour", 3)))
        .patch("/v1/identities/{id}", child)
        .then()
        .statusCode(200);
    as(adminKey)
        .body(Map.of("budget", Map.of("maxActionsPerHour", 5)))
        .patch("/v1/identities/{id}", id)
        .then()
        .statusCode(200)
        .body("budget.maxActionsPerHour", equalTo(5));
  }

  private ValidatableResponse limits(String id, Map<String, Object> budget) {
    return internal(id, "limits", Map.of("budget", budget, "author", Map.of("actorId", "ak_boss")));
  }

  private ValidatableResponse suspension(String id) {
    return internal(id, "suspension", Map.of("reason", "the budget is used up: actions"));
  }

  private ValidatableResponse internal(String id, String what, Map<String, Object> body) {
    return given()
        .header("Authorization", "Bearer " + services.forCallee("identity"))
        .contentType(ContentType.JSON)
        .body(body)
        .post("/internal/v1/budgets/{org}/{id}/{what}", org, id, what)
        .then();
  }
}
