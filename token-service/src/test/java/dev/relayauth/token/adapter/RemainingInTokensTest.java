package dev.relayauth.token.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetState;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.Peers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class RemainingInTokensTest {
  private static final String ROUTE = "/internal/v1/budgets/remaining";

  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final AtomicInteger left = new AtomicInteger(7);
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
    service.world.peers().on(ROUTE, this::answer);
  }

  @AfterEach
  void nobodyAnswers() {
    service.world.peers().on(ROUTE, call -> null);
  }

  private Object answer(Peers.Call call) {
    List<Map<String, Object>> answers = new ArrayList<>();
    for (JsonNode one :
        Json.read(call.body().getBytes(StandardCharsets.UTF_8), JsonNode.class).get("identities")) {
      String id = one.get("identityId").asText();
      asked.add(id);
      answers.add(
          Map.of(
              "orgId",
              one.get("orgId").asText(),
              "identityId",
              id,
              "cost",
              BigDecimal.valueOf(left.get()),
              "actions",
              3));
    }
    return Map.of("remaining", answers);
  }

  private IdentityState agent() {
    IdentityState plain = service.world.agent(service.org, "a:b:read");
    BudgetLimits limits = new BudgetLimits(9L, new BigDecimal("10"), null, null);
    IdentityState limited =
        service.world.publish(plain.withBudget(limits, Instant.now()).at(service.world.sequence()));
    await().until(() -> budget(service.pair(limited)) != null);
    return limited;
  }

  private static @Nullable Map<String, Object> budget(JsonPath pair) {
    return JsonPath.from(Service.json(Service.claims(pair.getString("accessToken"))))
        .getMap("budget");
  }

  private static @Nullable Object remaining(JsonPath pair) {
    Map<String, Object> budget = budget(pair);
    assertThat(budget).isNotNull().containsEntry("maxCostPerDay", 10);
    return budget.get("remaining");
  }

  private JsonPath refresh(JsonPath pair) {
    return service.refresh(pair.getString("refreshToken")).statusCode(200).extract().jsonPath();
  }

  /** What one is told once policy has been asked; a late answer leaves it out. */
  private void awaitTold(IdentityState agent, int amount) {
    await().until(() -> Integer.valueOf(amount).equals(remaining(service.pair(agent))));
  }

  @Test
  void aTokenTellsWhatIsLeftAndTheNextOneWhatIsLeftThen() {
    IdentityState agent = agent();
    awaitTold(agent, 7);
    JsonPath first = service.pair(agent);
    assertThat(remaining(first)).isEqualTo(7);

    left.set(5);
    awaitTold(agent, 5);

    assertThat(remaining(refresh(first))).isEqualTo(5);
  }

  @Test
  void aRetryOfARefreshGetsTheSamePairThoughLessIsLeft() {
    IdentityState agent = agent();
    awaitTold(agent, 7);
    JsonPath first = service.pair(agent);
    JsonPath next = refresh(first);
    assertThat(remaining(next)).isEqualTo(7);
    left.set(4);
    awaitTold(agent, 4);

    JsonPath again = refresh(first);

    assertThat(again.prettify()).isEqualTo(next.prettify());
  }

  @Test
  void issuesWithoutItWhilePolicyIsAway() {
    service.world.peers().on(ROUTE, call -> null);
    IdentityState agent = agent();

    JsonPath pair = service.pair(agent);

    assertThat(budget(pair)).containsEntry("maxActionsPerHour", 9).doesNotContainKey("remaining");
    assertThat(budget(refresh(pair))).doesNotContainKey("remaining");
  }

  @Test
  void issuesWithoutItWhilePolicyDoesNotAnswer() throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    service
        .world
        .peers()
        .on(
            ROUTE,
            call -> {
              try {
                answered.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return null;
            });
    try {
      assertThat(budget(service.pair(agent()))).doesNotContainKey("remaining");
    } finally {
      answered.countDown();
    }
  }

  @Test
  void aTokenTellsTheDefaultsOfAnAgentWithoutLimitsAndWhatIsLeftOfThem() {
    IdentityState agent = service.world.agent(service.org, "a:b:read");
    defaults("organization", service.org, new BudgetLimits(50L, null, null, null));
    await()
        .untilAsserted(
            () ->
                assertThat(told(agent)).isEqualTo(Map.of("maxActionsPerHour", 50, "remaining", 3)));

    defaults("workspace", agent.workspaceId(), new BudgetLimits(9L, BigDecimal.TEN, null, null));
    await()
        .untilAsserted(
            () ->
                assertThat(told(agent))
                    .isEqualTo(
                        Map.of("maxActionsPerHour", 9, "maxCostPerDay", 10, "remaining", 7)));
  }

  private @Nullable Map<String, Object> told(IdentityState agent) {
    return budget(service.pair(agent));
  }

  private void defaults(String kind, @Nullable String owner, BudgetLimits limits) {
    long sequence = service.world.sequence();
    service.world.publish(
        Topics.POLICY,
        EntityKind.BUDGET.key(service.org, kind + "." + owner),
        "budget",
        kind + "." + owner,
        sequence,
        Json.write(
            new BudgetState(
                service.org, kind, String.valueOf(owner), null, limits, Instant.now(), sequence)));
  }

  @Test
  void nobodyIsAskedAboutWhoHasNoLimits() {
    IdentityState plain = service.world.agent(service.org, "a:b:read");
    await().untilAsserted(() -> service.issue(plain).statusCode(201));

    JsonPath pair = service.pair(plain);

    assertThat(Service.claims(pair.getString("accessToken"))).doesNotContainKey("budget");
    refresh(pair);
    assertThat(asked).doesNotContain(plain.id());
  }
}
