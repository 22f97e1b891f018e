package dev.relayauth.audit;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.IdentityState.Status;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class ActivityTest {
  private final Fixture fixture = new Fixture();

  private ValidatableResponse activity(String id) {
    return fixture.auditor().get("/v1/identities/" + id + "/activity").then();
  }

  private void decision(String identity, String cost) {
    fixture.logged(
        fixture.with(
            fixture.entry("scope.checked", Result.allowed, identity),
            Map.of("cost", cost),
            "user_jane"));
  }

  @Test
  void tellsWhatAnAgentDidOnWhoseBehalfAndWhatHangsBelowIt() {
    IdentityState parent = fixture.world.agent(fixture.org);
    IdentityState child = fixture.world.agent(fixture.org, parent);
    IdentityState grandchild = fixture.world.agent(fixture.org, child);
    var entry = fixture.logged(fixture.entry("token.issued", Result.allowed, child.id()));

    await()
        .untilAsserted(
            () ->
                activity(parent.id())
                    .statusCode(200)
                    .body("subAgents.id", contains(child.id()))
                    .body("subAgents[0].status", equalTo("active"))
                    .body("subAgents[0].name", equalTo(child.name()))
                    .body("subAgents[0].children.id", contains(grandchild.id())));
    activity(child.id())
        .statusCode(200)
        .body("entries.id", contains(entry.id()))
        .body("hasMore", equalTo(false))
        .body("sponsorChain", contains("user_jane", parent.id(), child.id()));
    activity(grandchild.id()).statusCode(200).body("subAgents", empty());
  }

  @Test
  void theBudgetOfAnAgentWithoutOneIsItsParents() {
    IdentityState parent =
        fixture.world.publish(
            with(
                fixture.world.agent(fixture.org),
                new BudgetLimits(10L, new BigDecimal("20.00"), null, null),
                Status.active));
    IdentityState child = fixture.world.agent(fixture.org, parent);
    decision(child.id(), "7.50");
    decision(child.id(), "1.50");
    decision(child.id(), "not a number");
    fixture.logged(
        fixture.with(
            fixture.entry("scope.checked", Result.allowed, child.id()),
            Map.of("cost", "5", "dry", "true"),
            "user_jane"));

    activity(child.id())
        .statusCode(200)
        .body("budgetUsage.actionsThisHour", equalTo(3))
        .body("budgetUsage.costToday", equalTo(9.00f))
        .body("budgetUsage.percentOfBudget", equalTo(45.0f));
  }

  @Test
  void theLedgerSaysWhatWasUsedOfABudget() {
    IdentityState agent = fixture.world.agent(fixture.org);
    IdentityState child = fixture.world.agent(fixture.org, agent);
    ledgerSays(agent, Map.of());
    ledgerSays(child, Map.of("inheritedFrom", agent.id()));
    decision(agent.id(), "10");
    decision(child.id(), "2");

    activity(agent.id())
        .body("budgetUsage.actionsThisHour", equalTo(7))
        .body("budgetUsage.costToday", equalTo(4.5f))
        .body("budgetUsage.percentOfBudget", equalTo(80.0f));
    activity(child.id())
        .body("budgetUsage.actionsThisHour", equalTo(1))
        .body("budgetUsage.costToday", equalTo(2))
        .body("budgetUsage.percentOfBudget", equalTo(80.0f));
  }

  private void ledgerSays(IdentityState agent, Map<String, ?> more) {
    Map<String, Object> budget = new HashMap<>(more);
    budget.put("usage", Map.of("actionsThisHour", 7, "costToday", 4.5, "percentOfBudget", 80.0));
    fixture
        .world
        .peers()
        .on("/internal/v1/budgets/" + fixture.org + "/" + agent.id() + "/budget", call -> budget);
  }

  @Test
  void anAgentThatHasNotArrivedYetIsFoundAndAnUnknownOrForeignOneIs404() {
    IdentityState agent = fixture.world.agent(fixture.org);

    activity(agent.id()).statusCode(200);
    activity("agent_unknown").statusCode(404).body("code", equalTo("identity_not_found"));
    new Fixture()
        .auditor()
        .get("/v1/identities/" + agent.id() + "/activity")
        .then()
        .statusCode(404);
  }

  @Test
  void statisticsCountWhatHappenedAndWhoIsThere() {
    fixture.world.agent(fixture.org);
    IdentityState suspended = fixture.world.agent(fixture.org);
    fixture.world.publish(with(suspended, null, Status.suspended));
    fixture.logged(fixture.entry("token.issued", Result.allowed, "agent_a"));
    fixture.logged(fixture.entry("token.issued", Result.denied, "agent_a"));
    fixture.logged(fixture.entry("token.revoked", Result.allowed, "agent_a"));
    fixture.logged(fixture.entry("scope.checked", Result.allowed, "agent_a"));
    fixture.logged(fixture.entry("scope.checked", Result.denied, "agent_a"));
    fixture.logged(fixture.entry("scope.denied", Result.denied, "agent_a"));

    await()
        .untilAsserted(
            () ->
                fixture
                    .auditor()
                    .get("/v1/stats")
                    .then()
                    .statusCode(200)
                    .body("tokensIssued", equalTo(1))
                    .body("tokensRevoked", equalTo(1))
                    .body("scopeChecks", equalTo(3))
                    .body("scopeDenials", equalTo(2))
                    .body("activeIdentities", equalTo(1))
                    .body("suspendedIdentities", equalTo(1)));
  }

  private IdentityState with(IdentityState base, BudgetLimits budget, Status status) {
    return new IdentityState(
        base.orgId(),
        base.id(),
        base.name(),
        base.type(),
        status,
        base.workspaceId(),
        base.sponsorId(),
        base.sponsorChain(),
        base.scopes(),
        base.roles(),
        base.issuerScoped(),
        base.metadata(),
        budget,
        base.expiresAt(),
        base.suspendedAt(),
        base.suspendReason(),
        base.createdAt(),
        Instant.now(),
        fixture.world.sequence());
  }
}
