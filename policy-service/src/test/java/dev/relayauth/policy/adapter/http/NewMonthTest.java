package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cap on the month that comes to a budget in use begins with what was spent, and no more. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class NewMonthTest extends PolicyServiceTest {
  private static final String SCOPE = "stripe:orders:approve";
  private IdentityState agent;
  private String token = "";

  @BeforeEach
  void beginWithAnAgentThatIsCappedByTheDay() {
    agent = world.agent(org, SCOPE);
    token = world.token(agent, SCOPE);
    limit(Map.of("maxCostPerDay", 1000), "maxCostPerDay");
  }

  /** Publishes limits; answers the first that is seen of the budget with that member. */
  private Response limit(Map<String, ?> limits, String member) {
    BudgetLimits budget = Json.MAPPER.convertValue(limits, BudgetLimits.class);
    world.publish(agent.withBudget(budget, Instant.now()).at(world.sequence()));
    AtomicReference<Response> seen = new AtomicReference<>();
    eventually(
        () -> {
          seen.set(budget());
          assertThat(seen.get().<Object>path("limits." + member)).isNotNull();
        });
    return seen.get();
  }

  private Response capMonth(int most) {
    return limit(Map.of("maxCostPerDay", 1000, "maxCostPerMonth", most), "maxCostPerMonth");
  }

  private Response budget() {
    return asAdmin().get("/v1/identities/" + agent.id() + "/budget");
  }

  private static double used(Response budget, String member) {
    return budget.<Number>path("usage." + member).doubleValue();
  }

  private Response pay(Number cost) {
    return authorize(Map.of("token", token, "scope", SCOPE, "context", Map.of("cost", cost)));
  }

  private void pays(Number cost) {
    assertThat(pay(cost).<String>path("reason")).isEqualTo("granted");
  }

  private String reservations() {
    return "/v1/budgets/" + agent.id() + "/reservations";
  }

  @Test
  void theFirstLookTellsWhatWasSpent() {
    for (int i = 0; i < 3; i++) {
      pays(10);
    }
    eventually(() -> assertThat(used(budget(), "costToday")).isEqualTo(30));
    Response first = capMonth(30);
    assertThat(used(first, "costThisMonth")).isEqualTo(30);
    assertThat(used(first, "remaining")).isZero();
    Response dry =
        authorize(Map.of("identityId", agent.id(), "scope", SCOPE, "context", Map.of("cost", 1)));
    assertThat(dry.<String>path("reason")).isEqualTo("budget_exceeded");
  }

  @Test
  void whatWasLeasedBeforeIsChargedAsFarAsItIsSpent() {
    for (int i = 0; i < 4; i++) {
      pays(5);
    }
    capMonth(100);
    for (int i = 0; i < 8; i++) {
      pays(10);
    }
    Response refused = pay(1);
    assertThat(refused.<String>path("reason")).isEqualTo("budget_exceeded");
    assertThat(refused.<String>path("budget.exceeded.meter")).isEqualTo("cost-month");
    eventually(
        () -> {
          Response now = budget();
          assertThat(used(now, "costToday")).isEqualTo(100);
          assertThat(used(now, "costThisMonth")).isEqualTo(100);
        });
  }

  @Test
  void whatWasReservedBeforeIsChargedAsFarAsItIsCommitted() {
    String first = post(reservations(), Map.of("amount", 40)).path("id");
    String second = post(reservations(), Map.of("amount", 30)).path("id");
    assertThat(used(capMonth(100), "costThisMonth")).isEqualTo(70);
    assertThat(post(reservations() + "/" + first + "/void", Map.of()).statusCode()).isEqualTo(200);
    assertThat(post(reservations() + "/" + second + "/commit", Map.of("amount", 25)).statusCode())
        .isEqualTo(200);
    assertThat(used(budget(), "costThisMonth")).isEqualTo(25);
    assertThat(used(budget(), "remaining")).isEqualTo(75);
  }

  @Test
  void whatAPermitFromBeforeGivesBackTheMonthHasToo() {
    String permit = pay(40).path("budget.reservation");
    capMonth(100);
    assertThat(post(reservations() + "/" + permit + "/commit", Map.of("amount", 15)).statusCode())
        .isEqualTo(200);
    eventually(
        () -> {
          assertThat(used(budget(), "costToday")).isEqualTo(15);
          assertThat(used(budget(), "costThisMonth")).isEqualTo(15);
        });
    Response credited = post("/v1/budgets/" + agent.id() + "/credit", Map.of("amount", 15));
    assertThat(credited.statusCode()).as(credited.asString()).isEqualTo(201);
    assertThat(used(budget(), "costThisMonth")).isZero();
  }
}
