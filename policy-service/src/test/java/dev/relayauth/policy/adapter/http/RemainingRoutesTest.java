package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class RemainingRoutesTest extends PolicyServiceTest {
  private static final String SCOPE = "stripe:orders:approve";

  private IdentityState limited(IdentityState agent, @Nullable Long actions, String cost) {
    BudgetLimits limits = new BudgetLimits(actions, new BigDecimal(cost), null, null);
    return world.publish(agent.withBudget(limits, Instant.now()).at(world.sequence()));
  }

  private Response ask(Object identities) {
    return given()
        .header("authorization", "Bearer " + world.serviceToken("token", "policy"))
        .contentType(ContentType.JSON)
        .body(Map.of("identities", identities))
        .post("/internal/v1/budgets/remaining");
  }

  private Map<String, String> spender(IdentityState identity) {
    return Map.of("orgId", org, "identityId", identity.id());
  }

  private void tells(IdentityState agent, Map<String, ?> left) {
    eventually(
        () ->
            assertThat(ask(List.of(spender(agent))).<Map<String, Object>>path("remaining[0]"))
                .containsAllEntriesOf(left));
  }

  @Test
  void tellsWhatTheTightestOfTheChainHasLeftByTheLedger() {
    IdentityState parent = limited(world.agent(org, SCOPE), null, "6");
    IdentityState child = limited(world.agent(org, parent, SCOPE), 5L, "4");
    tells(child, Map.of("cost", 4, "actions", 5));
    String token = world.token(parent, SCOPE);

    Response spent =
        authorize(Map.of("token", token, "scope", SCOPE, "context", Map.of("cost", 3)));

    assertThat(spent.<String>path("reason")).isEqualTo("granted");
    tells(child, Map.of("cost", 3, "actions", 5));
    tells(parent, Map.of("cost", 3));
  }

  @Test
  void aShadowCapLeavesWhatTheOthersLeave() {
    BudgetLimits shadow =
        new BudgetLimits(
            null,
            new BigDecimal("1"),
            null,
            null,
            null,
            null,
            null,
            null,
            BudgetLimits.Mode.shadow,
            null,
            null);
    IdentityState parent =
        world.publish(
            world.agent(org, SCOPE).withBudget(shadow, Instant.now()).at(world.sequence()));
    IdentityState child = limited(world.agent(org, parent, SCOPE), null, "4");

    tells(child, Map.of("cost", 4));

    assertThat(ask(List.of(spender(parent))).<Object>path("remaining[0].cost")).isNull();
  }

  @Test
  void isSilentOnThoseThatNothingCapsAndThatNobodyKnows() {
    IdentityState capped = limited(world.agent(org, SCOPE), 5L, "4");
    IdentityState free = world.agent(org, SCOPE);
    tells(capped, Map.of("cost", 4));

    Response answer =
        ask(
            List.of(
                spender(free),
                spender(capped),
                Map.of("orgId", org, "identityId", "agent_unknown")));

    assertThat(answer.<List<String>>path("remaining.identityId")).containsExactly(capped.id());
  }

  @Test
  void takesFiveHundredAtOnceAndNoMore() {
    Map<String, String> one = Map.of("orgId", org, "identityId", "agent_unknown");

    assertThat(ask(Collections.nCopies(500, one)).statusCode()).isEqualTo(200);
    assertThat(ask(Collections.nCopies(501, one)).statusCode()).isEqualTo(400);
  }
}
