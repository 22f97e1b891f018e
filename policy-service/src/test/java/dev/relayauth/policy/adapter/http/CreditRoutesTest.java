package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A credit gives back what its own identity spent, of caps that it shares with others as well. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class CreditRoutesTest extends PolicyServiceTest {
  private static final String SCOPE = "stripe:orders:approve";
  private IdentityState spender;
  private IdentityState idle;

  @BeforeEach
  void beginWithTwoAgentsUnderOneCap() {
    spender = world.agent(org, SCOPE);
    idle = world.agent(org, SCOPE);
    Response put =
        asAdmin().body(Map.of("maxCostPerDay", 10, "maxCostPerMonth", 20)).put(organization());
    assertThat(put.statusCode()).as(put.asString()).isEqualTo(200);
  }

  private static String organization() {
    return "/v1/budgets/organization";
  }

  private Response pay(IdentityState agent, Number cost) {
    return authorize(
        Map.of(
            "token", world.token(agent, SCOPE), "scope", SCOPE, "context", Map.of("cost", cost)));
  }

  private Response credit(IdentityState agent, Number amount) {
    return post("/v1/budgets/" + agent.id() + "/credit", Map.of("amount", amount));
  }

  private double spentToday() {
    return asAdmin().get(organization()).<Number>path("usage.costToday").doubleValue();
  }

  @Test
  void nothingIsCreditedToAnAgentThatSpentNothing() {
    assertThat(post("/v1/budgets/" + spender.id() + "/spend", Map.of("amount", 4)).statusCode())
        .isEqualTo(201);
    assertThat(pay(spender, 4).<String>path("reason")).isEqualTo("granted");
    eventually(() -> assertThat(spentToday()).isEqualTo(8));
    Response refused = credit(idle, 1);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.<String>path("code")).isEqualTo("validation_failed");
    assertThat(spentToday()).isEqualTo(8);
    assertThat(pay(idle, 3).<String>path("reason")).isEqualTo("budget_exceeded");
  }

  @Test
  void anAgentWithoutACapIsCreditedWhatItsPermitsTookOnce() {
    assertThat(pay(idle, 2).<String>path("reason")).isEqualTo("granted");
    String reservation = pay(spender, 6).path("budget.reservation");
    eventually(() -> assertThat(spentToday()).isEqualTo(8));
    assertThat(credit(spender, 6.01).statusCode()).isEqualTo(400);
    assertThat(credit(spender, 5).statusCode()).isEqualTo(201);
    assertThat(credit(spender, 2).statusCode()).isEqualTo(400);
    String path = "/v1/budgets/" + spender.id() + "/reservations/" + reservation;
    assertThat(post(path + "/void", Map.of()).statusCode()).isEqualTo(409);
    assertThat(post(path + "/commit", Map.of("amount", 5)).statusCode()).isEqualTo(200);
    assertThat(credit(spender, 0.01).statusCode()).isEqualTo(400);
    assertThat(spentToday()).isEqualTo(2);
  }

  @Test
  void whatWasNeverCreditedGoesBackThoughAnEarlierSpendWas() {
    assertThat(post("/v1/budgets/" + spender.id() + "/spend", Map.of("amount", 5)).statusCode())
        .isEqualTo(201);
    assertThat(credit(spender, 5).statusCode()).isEqualTo(201);
    String reservation = pay(spender, 5).path("budget.reservation");
    String path = "/v1/budgets/" + spender.id() + "/reservations/" + reservation;
    Response voided = post(path + "/void", Map.of());
    assertThat(voided.statusCode()).as(voided.asString()).isEqualTo(200);
    eventually(() -> assertThat(spentToday()).isZero());
  }

  @Test
  void whatAPermitGaveBackIsNotCreditedAgain() {
    String reservation = pay(spender, 6).path("budget.reservation");
    assertThat(pay(idle, 3).<String>path("reason")).isEqualTo("granted");
    String path = "/v1/budgets/" + spender.id() + "/reservations/" + reservation;
    assertThat(post(path + "/commit", Map.of("amount", 2)).statusCode()).isEqualTo(200);
    eventually(() -> assertThat(spentToday()).isEqualTo(5));
    assertThat(credit(spender, 3).statusCode()).isEqualTo(400);
    assertThat(credit(spender, 2).statusCode()).isEqualTo(201);
    assertThat(spentToday()).isEqualTo(3);
  }

  @Test
  void whatIsOnlyReservedIsNotCredited() {
    String path = "/v1/budgets/" + spender.id() + "/reservations";
    assertThat(post(path, Map.of("amount", 5)).statusCode()).isEqualTo(201);
    assertThat(credit(spender, 1).statusCode()).isEqualTo(400);
    assertThat(spentToday()).isEqualTo(5);
  }
}
