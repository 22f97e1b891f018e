package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.token.Actor;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who acts for another takes of its own budgets as well as of the other's. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class ActorBudgetsTest extends PolicyServiceTest {
  private static final String SCOPE = "stripe:orders:approve";

  private IdentityState agent(@Nullable IdentityState parent, Map<String, ?> limits) {
    IdentityState agent = world.agent(org, parent, SCOPE);
    BudgetLimits budget = Json.MAPPER.convertValue(limits, BudgetLimits.class);
    IdentityState capped =
        world.publish(agent.withBudget(budget, Instant.now()).at(world.sequence()));
    eventually(() -> assertThat(budget(capped).<Map<String, ?>>path("limits")).isNotEmpty());
    return capped;
  }

  private Response budget(IdentityState agent) {
    return asAdmin().get("/v1/identities/" + agent.id() + "/budget");
  }

  private void hasSpent(IdentityState agent, double cost) {
    eventually(
        () ->
            assertThat(budget(agent).<Number>path("usage.costToday").doubleValue())
                .as(agent.id())
                .isEqualTo(cost));
  }

  /** A token of the first for whom the others act, each for the one after it. */
  private String token(IdentityState subject, IdentityState... actors) {
    Actor act = null;
    for (IdentityState actor : List.of(actors).reversed()) {
      act = new Actor(actor.id(), actor.sponsorChain(), act);
    }
    return world.sign(world.claims(subject, SCOPE).act(act).build());
  }

  private Response ask(String token, Map<String, ?> context) {
    return authorize(Map.of("token", token, "scope", SCOPE, "context", context));
  }

  private Response spend(String token, Number cost) {
    return ask(token, Map.of("cost", cost));
  }

  @Test
  void whoHasUsedUpItsOwnGoesOnForNobody() {
    IdentityState subject = agent(null, Map.of("maxActionsPerHour", 10));
    IdentityState actor = agent(null, Map.of("maxActionsPerHour", 2));
    String exchanged = token(subject, actor);
    assertThat(ask(exchanged, Map.of()).<String>path("reason")).isEqualTo("granted");
    assertThat(ask(token(actor), Map.of()).<String>path("reason")).isEqualTo("granted");
    Response refused = ask(exchanged, Map.of());
    assertThat(refused.<String>path("reason")).isEqualTo("rate_exceeded");
    assertThat(refused.<String>path("budget.exceeded.ownerId")).isEqualTo(actor.id());
    Map<String, ?> question = Map.of("token", exchanged, "scope", SCOPE);
    assertThat(
            post("/v1/authorize/batch", Map.of("requests", List.of(question)))
                .<List<String>>path("results.reason"))
        .containsExactly("rate_exceeded");
    eventually(
        () ->
            assertThat(
                    authorize(Map.of("token", exchanged, "scope", SCOPE, "explain", true))
                        .<String>path("reason"))
                .isEqualTo("rate_exceeded"));
    assertThat(ask(token(subject), Map.of()).<Integer>path("budget.remainingActions")).isEqualTo(8);
  }

  @Test
  void whatIsUsedUpOfTheSubjectsRefusesAndTakesNothingOfTheActors() {
    IdentityState subject = agent(null, Map.of("maxCostPerDay", 3));
    IdentityState actor = agent(null, Map.of("maxCostPerDay", 10));
    String exchanged = token(subject, actor);
    assertThat(spend(exchanged, 3).<String>path("reason")).isEqualTo("granted");
    Response refused = spend(exchanged, 1);
    assertThat(refused.<String>path("reason")).isEqualTo("budget_exceeded");
    assertThat(refused.<String>path("budget.exceeded.ownerId")).isEqualTo(subject.id());
    hasSpent(actor, 3);
  }

  @Test
  void budgetsThatBindBothAreTakenOfOnceAndAVoidGivesBackAll() {
    IdentityState parent = agent(null, Map.of("maxCostPerDay", 10, "maxCostPerMonth", 50));
    IdentityState subject = agent(parent, Map.of("maxCostPerDay", 9));
    IdentityState former = agent(null, Map.of("maxCostPerDay", 8));
    IdentityState actor = agent(parent, Map.of("maxCostPerDay", 7, "maxCostPerMonth", 40));
    List<IdentityState> all = List.of(parent, subject, former, actor);
    Response granted = spend(token(subject, actor, former), 4);
    assertThat(granted.<String>path("reason")).isEqualTo("granted");
    assertThat(granted.<Number>path("budget.remaining").doubleValue()).isEqualTo(3);
    all.forEach(each -> hasSpent(each, 4));
    String path = "/v1/budgets/" + subject.id() + "/reservations/";
    String reservation = path + granted.path("budget.reservation");
    Response committed = post(reservation + "/commit", Map.of("amount", 1));
    assertThat(committed.statusCode()).as(committed.asString()).isEqualTo(200);
    all.forEach(each -> hasSpent(each, 1));
    String second = spend(token(subject, actor, former), 5).path("budget.reservation");
    assertThat(post(path + second + "/void", Map.of()).statusCode()).isEqualTo(200);
    all.forEach(each -> hasSpent(each, 1));
    String others = "/v1/budgets/" + actor.id() + "/reservations/" + second + "/void";
    assertThat(post(others, Map.of()).statusCode()).isEqualTo(404);
  }

  @Test
  void aCapThatOnlyTheActorIsUnderSuspendsTheActor() {
    IdentityState subject = agent(null, Map.of("maxActionsPerHour", 10));
    IdentityState elsewhere = inWorkspace("ws_else");
    List<String> suspended = Collections.synchronizedList(new ArrayList<>());
    world
        .peers()
        .on(
            "/internal/v1/budgets/" + org,
            call -> {
              suspended.add(call.path());
              return Map.of();
            });
    Response put =
        asAdmin()
            .body(Map.of("maxActionsPerHour", 1, "autoSuspend", true))
            .put("/v1/budgets/workspaces/ws_else");
    assertThat(put.statusCode()).as(put.asString()).isEqualTo(200);
    String exchanged = token(subject, elsewhere);
    assertThat(ask(exchanged, Map.of()).<String>path("reason")).isEqualTo("granted");
    assertThat(ask(exchanged, Map.of()).<String>path("reason")).isEqualTo("rate_exceeded");
    eventually(
        () ->
            assertThat(suspended)
                .containsExactly(
                    "/internal/v1/budgets/" + org + "/" + elsewhere.id() + "/suspension"));
    assertThat(AuditTopic.of(world).find(org, "budget.exceeded").sponsorChain())
        .isEqualTo(elsewhere.sponsorChain());
  }

  private IdentityState inWorkspace(String workspace) {
    return world.identity(org, IdentityState.Type.agent, workspace, null, SCOPE);
  }
}
