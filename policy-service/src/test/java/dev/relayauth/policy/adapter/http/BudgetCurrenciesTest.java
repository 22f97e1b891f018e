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
import org.junit.jupiter.api.Test;

/** Budgets of money that an agent is under together are in one currency. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class BudgetCurrenciesTest extends PolicyServiceTest {
  private static final String SCOPE = "stripe:orders:approve";
  private static final String ORGANIZATION = "/v1/budgets/organization";
  private static final String WORKSPACE = "/v1/budgets/workspaces/ws_prod";
  private static final Map<String, ?> DOLLARS = Map.of("maxCostPerDay", 5);
  private static final Map<String, ?> EUROS = Map.of("maxCostPerDay", 5, "currency", "EUR");

  private IdentityState agent(Map<String, ?> limits) {
    BudgetLimits budget = Json.MAPPER.convertValue(limits, BudgetLimits.class);
    IdentityState agent =
        world.publish(
            world.agent(org, SCOPE).withBudget(budget, Instant.now()).at(world.sequence()));
    eventually(
        () ->
            assertThat(
                    asAdmin()
                        .get("/v1/identities/" + agent.id() + "/budget")
                        .<Map<String, ?>>path("limits"))
                .isNotEmpty());
    return agent;
  }

  private void sets(String path, Map<String, ?> limits) {
    Response answered = asAdmin().body(limits).put(path);
    assertThat(answered.statusCode()).as(answered.asString()).isEqualTo(200);
  }

  private Response refuses(String path, Map<String, ?> limits, String pointer) {
    Response answered = asAdmin().body(limits).put(path);
    assertThat(answered.statusCode()).as(answered.asString()).isEqualTo(409);
    assertThat(answered.<String>path("code")).isEqualTo("conflict");
    assertThat(answered.<String>path("errors[0].pointer")).isEqualTo(pointer);
    return answered;
  }

  @Test
  void noLevelTakesAnotherCurrencyThanAgentsBelowItHave() {
    IdentityState agent = agent(DOLLARS);
    for (String path : new String[] {ORGANIZATION, WORKSPACE, "/v1/budgets/sponsors/user_jane"}) {
      assertThat(refuses(path, EUROS, "/currency").<String>path("detail"))
          .isEqualTo("the budget of " + agent.id() + " below it is in USD");
    }
    sets("/v1/budgets/workspaces/ws_other", EUROS);
    sets("/v1/budgets/sponsors/user_kim", EUROS);
    refuses(ORGANIZATION, DOLLARS, "/currency");
    sets(WORKSPACE, DOLLARS);
    Response granted =
        authorize(
            Map.of(
                "token", world.token(agent, SCOPE), "scope", SCOPE, "context", Map.of("cost", 1)));
    assertThat(granted.<String>path("reason")).isEqualTo("granted");
  }

  @Test
  void theOrganisationAndItsWorkspacesHaveOneCurrencyWithWhatAgentsHaveByDefault() {
    sets(ORGANIZATION, Map.of("maxCostPerDay", 5, "currency", "EUR", "agentDefaults", EUROS));
    refuses(WORKSPACE, DOLLARS, "/currency");
    refuses(WORKSPACE, Map.of("agentDefaults", DOLLARS), "/agentDefaults/currency");
    Map<String, ?> mixed = Map.of("maxCostPerDay", 5, "currency", "EUR", "agentDefaults", DOLLARS);
    refuses(WORKSPACE, mixed, "/agentDefaults/currency");
    sets(WORKSPACE, Map.of("maxActionsPerHour", 5, "agentDefaults", EUROS));
    refuses(ORGANIZATION, DOLLARS, "/currency");
    sets(ORGANIZATION, Map.of("maxCostPerDay", 7, "currency", "EUR"));
    Response put =
        asAdmin().body(DOLLARS).put("/v1/identities/" + world.agent(org, SCOPE).id() + "/budget");
    assertThat(put.statusCode()).as(put.asString()).isEqualTo(403);
    assertThat(put.<String>path("code")).isEqualTo("scope_escalation");
    assertThat(put.<String>path("detail")).isEqualTo("/currency is not that of the organization");
  }
}
