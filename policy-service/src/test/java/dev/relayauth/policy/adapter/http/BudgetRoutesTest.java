package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revision.Revision;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.Peers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class BudgetRoutesTest extends PolicyServiceTest {
  private static final String SCOPE = "stripe:orders:approve";

  @Inject Revisions revisions;

  private static BudgetLimits limits(@Nullable Long actions, @Nullable String cost) {
    return new BudgetLimits(actions, cost == null ? null : new BigDecimal(cost), null, null);
  }

  private IdentityState agent(BudgetLimits budget) {
    return withBudget(world.agent(org, SCOPE, "stripe:orders:read"), budget);
  }

  private IdentityState withBudget(IdentityState agent, BudgetLimits budget) {
    return world.publish(
        new IdentityState(
            agent.orgId(),
            agent.id(),
            agent.name(),
            agent.type(),
            agent.status(),
            agent.workspaceId(),
            agent.sponsorId(),
            agent.sponsorChain(),
            agent.scopes(),
            agent.roles(),
            agent.issuerScoped(),
            agent.metadata(),
            budget,
            agent.expiresAt(),
            agent.suspendedAt(),
            agent.suspendReason(),
            agent.createdAt(),
            agent.updatedAt(),
            world.sequence()));
  }

  private void awaitBudget(IdentityState agent) {
    eventually(
        () ->
            assertThat(
                    asAdmin()
                        .get("/v1/identities/" + agent.id() + "/budget")
                        .<Map<String, Object>>path("limits"))
                .isNotEmpty());
  }

  private Response spend(String token, Map<String, ?> context) {
    return authorize(Map.of("token", token, "scope", SCOPE, "context", context));
  }

  private String reservations(IdentityState agent) {
    return "/v1/budgets/" + agent.id() + "/reservations";
  }

  private List<String> captureSuspensions(IdentityState agent) {
    List<String> suspended = new CopyOnWriteArrayList<>();
    world
        .peers()
        .on(
            "/internal/v1/budgets/" + org + "/" + agent.id() + "/suspension",
            call -> {
              suspended.add(call.body());
              return Map.of();
            });
    return suspended;
  }

  @Test
  void theSixthOfFiveOrdersAnHourIsRefusedAndItsAgentSuspended() {
    IdentityState bot = agent(new BudgetLimits(5L, null, new BigDecimal("0.8"), true));
    List<String> suspended = captureSuspensions(bot);
    awaitBudget(bot);
    String token = world.token(bot, SCOPE);
    for (int order = 1; order <= 5; order++) {
      Response allowed = spend(token, Map.of());
      assertThat(allowed.<String>path("reason")).as("order %d", order).isEqualTo("granted");
      assertThat(allowed.<Integer>path("budget.remainingActions")).isEqualTo(5 - order);
    }
    Response sixth = spend(token, Map.of());
    assertThat(sixth.<String>path("reason")).isEqualTo("rate_exceeded");
    assertThat(sixth.<Integer>path("budget.remaining")).isZero();
    assertThat(sixth.<String>path("budget.resetAt")).isNotBlank();
    assertThat(sixth.<String>path("budget.exceeded.ownerId")).isEqualTo(bot.id());
    eventually(() -> assertThat(suspended).hasSize(1));
    AuditTopic audit = AuditTopic.of(world);
    assertThat(audit.find(org, "budget.exceeded").identityId()).isEqualTo(bot.id());
    assertThat(audit.find(org, "budget.alert").metadata())
        .containsEntry("limit", "5")
        .containsEntry("meter", "actions");
    assertThat(audit.find(org, "budget.exceeded").sponsorChain())
        .containsExactly("user_jane", bot.id());
  }

  @Test
  void anOverrunOfTheParentsBudgetIsToldWithTheParentsChain() {
    IdentityState parent = agent(limits(1L, null));
    awaitBudget(parent);
    IdentityState child = world.agent(org, parent, SCOPE);
    String token = world.token(child, SCOPE);
    assertThat(spend(token, Map.of()).<String>path("reason")).isEqualTo("granted");
    assertThat(spend(token, Map.of()).<String>path("reason")).isEqualTo("rate_exceeded");
    AuditRecord told = AuditTopic.of(world).find(org, "budget.exceeded");
    assertThat(told.identityId()).isEqualTo(parent.id());
    assertThat(told.sponsorChain()).isEqualTo(parent.sponsorChain());
    assertThat(told.metadata()).containsEntry("actingIdentityId", child.id());
  }

  @Test
  void refusalsDoNotCountAndQuestionsByNameTakeNothing() {
    IdentityState bot = agent(limits(2L, null));
    awaitBudget(bot);
    String token = world.token(bot, SCOPE);
    for (int i = 0; i < 5; i++) {
      assertThat(authorize(bot, SCOPE).<String>path("reason")).isEqualTo("granted");
      assertThat(
              authorize(Map.of("token", token, "scope", "stripe:orders:delete"))
                  .<String>path("reason"))
          .isEqualTo("implicit_deny");
      assertThat(
              authorize(Map.of("token", token, "scope", SCOPE, "explain", true))
                  .<String>path("reason"))
          .isEqualTo("granted");
    }
    assertThat(spend(token, Map.of()).<String>path("reason")).isEqualTo("granted");
    assertThat(spend(token, Map.of()).<String>path("reason")).isEqualTo("granted");
    assertThat(spend(token, Map.of()).<String>path("reason")).isEqualTo("rate_exceeded");
    eventually(
        () -> assertThat(authorize(bot, SCOPE).<String>path("reason")).isEqualTo("rate_exceeded"));
  }

  @Test
  void whatAPermitDidNotNeedGoesBackOnceAndStaysSpentOtherwise() {
    IdentityState bot = agent(limits(null, "10"));
    awaitBudget(bot);
    String token = world.token(bot, SCOPE);
    Response first = spend(token, Map.of("cost", 6));
    assertThat(first.<String>path("reason")).isEqualTo("granted");
    assertThat(first.<Number>path("budget.remaining").doubleValue()).isEqualTo(4);
    String reservation = first.path("budget.reservation");
    assertThat(reservation).startsWith("bud_");
    assertThat(spend(token, Map.of("cost", 6)).<String>path("reason")).isEqualTo("budget_exceeded");
    String commit = reservations(bot) + "/" + reservation + "/commit";
    assertThat(post(commit, Map.of("amount", 7)).statusCode()).isEqualTo(400);
    Response committed = post(commit, Map.of("amount", 2.5));
    assertThat(committed.statusCode()).as(committed.asString()).isEqualTo(200);
    assertThat(committed.<String>path("status")).isEqualTo("committed");
    assertThat(post(commit, Map.of("amount", 2.5)).statusCode()).isEqualTo(200);
    assertThat(post(commit, Map.of("amount", 1)).statusCode()).isEqualTo(409);
    assertThat(post(reservations(bot) + "/" + reservation + "/void", Map.of()).statusCode())
        .isEqualTo(409);
    eventually(
        () ->
            assertThat(
                    asAdmin()
                        .get("/v1/identities/" + bot.id() + "/budget")
                        .<Number>path("usage.costToday")
                        .doubleValue())
                .isEqualTo(2.5));
    eventually(
        () ->
            assertThat(spend(token, Map.of("cost", 7.5)).<String>path("reason"))
                .isEqualTo("granted"));
    IdentityState other = agent(limits(null, "10"));
    assertThat(post(reservations(other) + "/" + reservation + "/void", Map.of()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void anAgentTakesNothingBackOfWhatItsPermitsSpent() {
    IdentityState bare = world.agent(org, SCOPE, "relayauth:budget:manage");
    IdentityState bot = withBudget(bare, limits(null, "10"));
    awaitBudget(bot);
    String reservation =
        spend(world.token(bot, SCOPE), Map.of("cost", 6)).path("budget.reservation");
    String path = reservations(bot) + "/" + reservation;
    String own = world.token(bot, "relayauth:budget:manage");
    assertRefused(asBearer(own).body(Map.of()).post(path + "/void"));
    assertRefused(asBearer(own).body(Map.of("amount", 1)).post(path + "/commit"));
    assertThat(asBearer(own).body(Map.of()).post(path + "/commit").statusCode()).isEqualTo(200);
  }

  private static RequestSpecification asBearer(String token) {
    return given().auth().oauth2(token).contentType(ContentType.JSON);
  }

  private static void assertRefused(Response refused) {
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(403);
    assertThat(refused.<String>path("code")).isEqualTo("scope_escalation");
  }

  @Test
  void reservesCommitsVoidsAndExpires() {
    IdentityState bot = agent(limits(null, "10"));
    awaitBudget(bot);
    String path = reservations(bot);
    Response reserved = post(path, Map.of("amount", 4, "idempotencyKey", "order-1"));
    assertThat(reserved.statusCode()).as(reserved.asString()).isEqualTo(201);
    assertThat(reserved.<Number>path("remaining").doubleValue()).isEqualTo(6);
    String id = reserved.path("id");
    assertThat(post(path, Map.of("amount", 4, "idempotencyKey", "order-1")).<String>path("id"))
        .isEqualTo(id);
    assertThat(post(path, Map.of("amount", 5, "idempotencyKey", "order-1")).statusCode())
        .isEqualTo(409);
    Response refused = post(path, Map.of("amount", 7));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.<String>path("code")).isEqualTo("budget_exceeded");
    assertThat(refused.<Number>path("remaining").doubleValue()).isEqualTo(6);
    assertThat(post(path + "/" + id + "/commit", Map.of()).<Number>path("committed").doubleValue())
        .isEqualTo(4);
    String second = post(path, Map.of("amount", 6, "ttl", "1s")).path("id");
    eventually(
        () ->
            assertThat(post(path + "/" + second + "/commit", Map.of()).statusCode())
                .isIn(200, 409));
    String third = post(path, Map.of("amount", 0.0001)).path("id");
    assertThat(third == null || third.startsWith("bud_")).isTrue();
    Response unknown = post(path + "/bud_unknown/commit", Map.of());
    assertThat(unknown.statusCode()).isEqualTo(404);
    AuditTopic audit = AuditTopic.of(world);
    assertThat(audit.find(org, "budget.reserved").identityId()).isEqualTo(bot.id());
    assertThat(audit.find(org, "budget.committed").metadata()).containsKey("reservationId");
    historySumsToZero(bot);
  }

  @Test
  void theAuditServiceIsToldWhatClientsAre() {
    IdentityState bot = agent(limits(null, "10"));
    awaitBudget(bot);
    assertThat(post("/v1/budgets/" + bot.id() + "/spend", Map.of("amount", 8)).statusCode())
        .isLessThan(300);
    Response told =
        given()
            .header("authorization", "Bearer " + world.serviceToken("audit", "policy"))
            .get("/internal/v1/budgets/" + org + "/" + bot.id() + "/budget");
    assertThat(told.<Number>path("usage.percentOfBudget").doubleValue()).isEqualTo(80);
    assertThat(told.asString())
        .isEqualTo(asAdmin().get("/v1/identities/" + bot.id() + "/budget").asString());
  }

  @Test
  void whatRemainsBesideAReservationIsWhatTheBudgetSays() {
    IdentityState bot = agent(limits(null, "100"));
    awaitBudget(bot);
    assertThat(spend(world.token(bot, SCOPE), Map.of("cost", 16.5)).<String>path("reason"))
        .isEqualTo("granted");
    String budget = "/v1/identities/" + bot.id() + "/budget";
    eventually(
        () ->
            assertThat(asAdmin().get(budget).<Number>path("usage.costToday").doubleValue())
                .isEqualTo(16.5));
    Response reserved = post(reservations(bot), Map.of("amount", 1));
    assertThat(reserved.<Number>path("remaining").doubleValue()).isEqualTo(82.5);
    assertThat(asAdmin().get(budget).<Number>path("usage.remaining").doubleValue()).isEqualTo(82.5);
  }

  @Test
  void whatNobodyCommitsInTimeHasRoomAgain() {
    IdentityState bot = agent(limits(null, "5"));
    awaitBudget(bot);
    String path = reservations(bot);
    String id = post(path, Map.of("amount", 5, "ttl", 1)).path("id");
    assertThat(post(path, Map.of("amount", 5)).statusCode()).isEqualTo(403);
    AuditRecord expired =
        AuditTopic.of(world)
            .find(org, "budget.expired", found -> id.equals(found.metadata().get("reservationId")));
    assertThat(expired.identityId()).isEqualTo(bot.id());
    assertThat(expired.sponsorId()).isEqualTo("user_jane");
    assertThat(expired.sponsorChain()).isEqualTo(bot.sponsorChain());
    assertThat(expired.workspaceId()).isEqualTo(bot.workspaceId()).isNotNull();
    assertThat(post(path + "/" + id + "/commit", Map.of()).statusCode()).isEqualTo(409);
    String again = post(path, Map.of("amount", 5)).path("id");
    Response voided = post(path + "/" + again + "/void", Map.of());
    assertThat(voided.<String>path("status")).isEqualTo("voided");
    assertThat(post(path + "/" + again + "/void", Map.of()).statusCode()).isEqualTo(200);
    assertThat(post(path + "/" + again + "/commit", Map.of()).statusCode()).isEqualTo(409);
    assertThat(post("/v1/budgets/" + bot.id() + "/spend", Map.of("amount", 5)).statusCode())
        .isEqualTo(201);
    historySumsToZero(bot);
  }

  @Test
  void aCreditGivesBackWhatWasSpentAndNoMore() {
    IdentityState bot = agent(limits(null, "5"));
    awaitBudget(bot);
    String path = "/v1/budgets/" + bot.id();
    assertThat(post(path + "/spend", Map.of("amount", 5)).statusCode()).isEqualTo(201);
    assertThat(post(path + "/credit", Map.of("amount", 6)).statusCode()).isEqualTo(400);
    assertThat(post(path + "/credit", Map.of("amount", 3, "reason", "refund")).statusCode())
        .isEqualTo(201);
    assertThat(post(path + "/spend", Map.of("amount", 4)).statusCode()).isEqualTo(403);
    assertThat(post(path + "/spend", Map.of("amount", 3)).statusCode()).isEqualTo(201);
    historySumsToZero(bot);
  }

  private void historySumsToZero(IdentityState agent) {
    Response history = asAdmin().get("/v1/budgets/" + agent.id() + "/entries?limit=200");
    List<Number> amounts = history.path("data.amount");
    assertThat(amounts).isNotEmpty();
    assertThat(amounts.stream().mapToDouble(Number::doubleValue).sum()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"amount\":-1}",
        "{\"amount\":0}",
        "{\"amount\":1e13}",
        "{\"amount\":1e999999}",
        "{\"amount\":-0.0}",
        "{\"amount\":0.001}",
        "{\"amount\":0.00001}",
        "{\"amount\":NaN}",
        "{\"amount\":\"NaN\"}",
        "{\"amount\":\"5\"}",
        "{\"amount\":true}",
        "{\"amount\":null}",
        "{}",
        "[]",
        "{\"amount\":1,\"currency\":\"EUR\"}",
        "{\"amount\":1,\"currency\":\"euro\"}",
        "{\"amount\":1,\"ttl\":0}",
        "{\"amount\":1,\"ttl\":\"2d\"}",
        "{\"amount\":1,\"ttl\":\"soon\"}",
        "{\"amount\":1,\"idempotencyKey\":\" \"}"
      })
  void refusesAnAmountThatIsNoneAndLeavesTheLedgerAlone(String body) {
    IdentityState bot = agent(limits(null, "5"));
    awaitBudget(bot);
    for (String route : List.of("/reservations", "/spend", "/credit")) {
      Response refused = asAdmin().body(body).post("/v1/budgets/" + bot.id() + route);
      assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(400);
      assertThat(refused.<String>path("code")).isEqualTo("validation_failed");
    }
    assertThat(asAdmin().get("/v1/budgets/" + bot.id() + "/entries").<List<?>>path("data"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"cost\":-1}",
        "{\"cost\":0}",
        "{\"cost\":-0.0}",
        "{\"cost\":0.001}",
        "{\"cost\":0.30000000000000004}",
        "{\"cost\":1e999999}",
        "{\"cost\":1e-999999}",
        "{\"cost\":true}",
        "{\"cost\":{}}",
        "{\"cost\":0.5,\"currency\":\"JPY\"}",
        "{\"cost\":1e13}",
        "{\"cost\":0.00001}",
        "{\"cost\":NaN}",
        "{\"cost\":\"NaN\"}",
        "{\"cost\":\"5\"}",
        "{\"cost\":[5]}",
        "{\"cost\":1,\"currency\":\"EUR\"}",
        "{\"cost\":1,\"currency\":7}"
      })
  void refusesACostThatIsNone(String context) {
    IdentityState bot = agent(limits(null, "5"));
    awaitBudget(bot);
    String body =
        "{\"token\":\"%s\",\"scope\":\"%s\",\"context\":%s}"
            .formatted(world.token(bot, SCOPE), SCOPE, context);
    Response refused = asAdmin().body(body).post("/v1/authorize");
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(400);
    assertThat(asAdmin().get("/v1/budgets/" + bot.id() + "/entries").<List<?>>path("data"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"cost\":null}", "{}", "{\"cost\":null,\"currency\":null}"})
  void aCostThatIsNotThereIsNone(String context) {
    IdentityState bot = agent(limits(null, "5"));
    awaitBudget(bot);
    String body =
        "{\"token\":\"%s\",\"scope\":\"%s\",\"context\":%s}"
            .formatted(world.token(bot, SCOPE), SCOPE, context);
    Response granted = asAdmin().body(body).post("/v1/authorize");
    assertThat(granted.<String>path("reason")).as(granted.asString()).isEqualTo("granted");
    assertThat(asAdmin().get("/v1/budgets/" + bot.id() + "/entries").<List<?>>path("data"))
        .isEmpty();
  }

  @Test
  void aCostIsInWholeMinorUnitsOfTheBudgetsOwnCurrency() {
    BudgetLimits yen =
        Json.MAPPER.convertValue(
            Map.of("maxCostPerDay", 500, "currency", "JPY"), BudgetLimits.class);
    IdentityState bot = agent(yen);
    awaitBudget(bot);
    String token = world.token(bot, SCOPE);
    Response half =
        post(
            "/v1/authorize",
            Map.of("token", token, "scope", SCOPE, "context", Map.of("cost", 0.5)));
    assertThat(half.statusCode()).isEqualTo(400);
    assertThat(half.<String>path("errors[0].pointer")).isEqualTo("/context/cost");
    assertThat(spend(token, Map.of("cost", 5)).<String>path("reason")).isEqualTo("granted");
    String path = "/v1/budgets/" + bot.id();
    assertThat(post(path + "/spend", Map.of("amount", 0.5)).statusCode()).isEqualTo(400);
    String id = post(path + "/reservations", Map.of("amount", 7)).path("id");
    String commit = path + "/reservations/" + id + "/commit";
    Response tooFine = post(commit, Map.of("amount", 0.5));
    assertThat(tooFine.statusCode()).isEqualTo(400);
    assertThat(tooFine.<String>path("errors[0].pointer")).isEqualTo("/amount");
    assertThat(post(commit, Map.of("amount", 3)).statusCode()).isEqualTo(200);
  }

  @Test
  void usageIsWhatWasSpentAndReservedAndNamesLeasesApart() {
    IdentityState bot = agent(limits(null, "10000"));
    awaitBudget(bot);
    String token = world.token(bot, SCOPE);
    assertThat(spend(token, Map.of("cost", 2)).<String>path("reason")).isEqualTo("granted");
    assertThat(post(reservations(bot), Map.of("amount", 3)).statusCode()).isEqualTo(201);
    Response seen = asAdmin().get("/v1/identities/" + bot.id() + "/budget");
    assertThat(seen.<Number>path("usage.costToday").doubleValue()).isBetween(3.0, 5.0);
    assertThat(seen.<Number>path("usage.reserved").doubleValue()).isEqualTo(3);
    Map<String, Number> meter = seen.path("usage.meters[0]");
    assertThat(meter.get("used").doubleValue() + meter.get("remaining").doubleValue())
        .isEqualTo(10000);
    assertThat(meter.get("leased").doubleValue()).isPositive();
    eventually(
        () ->
            assertThat(
                    asAdmin()
                        .get("/v1/identities/" + bot.id() + "/budget")
                        .<Number>path("usage.costToday")
                        .doubleValue())
                .isEqualTo(5));
  }

  @Test
  void moneyOfTheDayIsCountedWithoutALimitAndWhatIsNotCountedIsNotShown() {
    IdentityState bot = agent(limits(50L, null));
    awaitBudget(bot);
    String token = world.token(bot, SCOPE);
    Response paid = spend(token, Map.of("cost", 2.5));
    assertThat(paid.<String>path("reason")).isEqualTo("granted");
    assertThat(paid.<Integer>path("budget.remaining")).isEqualTo(49);
    eventually(
        () -> {
          Map<String, Object> usage =
              asAdmin().get("/v1/identities/" + bot.id() + "/budget").path("usage");
          assertThat(((Number) usage.get("costToday")).doubleValue()).isEqualTo(2.5);
          assertThat(usage.get("costThisMonth")).isNull();
        });
  }

  @ParameterizedTest
  @CsvSource({
    "maxActionsPerHour, -1",
    "maxActionsPerHour, 1.5",
    "maxActionsPerHour, '\"5\"'",
    "maxCostPerDay, -0.01",
    "maxCostPerDay, 1e13",
    "maxCostPerDay, 0.00001",
    "maxCostPerDay, 0.001",
    "maxCostPerMonth, NaN",
    "maxCostPerAction, -1",
    "alertThreshold, 1.1",
    "alertThreshold, -0.1",
    "autoSuspend, '\"yes\"'",
    "currency, '\"XXQ\"'",
    "timezone, '\"Mars/Base\"'",
    "window, '\"rolling\"'",
    "mode, '\"soft\"'",
    "scopeCaps, '[{\"scope\":\"a:b\",\"max\":1,\"window\":\"1h\"}]'",
    "scopeCaps, '[{\"scope\":\"a:b:c\",\"max\":1,\"window\":\"1s\"}]'",
    "scopeCaps, '[{\"scope\":\"a:b:c\",\"window\":\"1h\"}]'"
  })
  void refusesLimitsThatAreNone(String member, String value) {
    IdentityState bot = agent(limits(null, "5"));
    Response refused =
        asAdmin()
            .body("{\"" + member + "\":" + value + "}")
            .put("/v1/identities/" + bot.id() + "/budget");
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(400);
  }

  @Test
  void setsLimitsThroughTheIdentityServiceAndNeverForTheAgentItself() {
    IdentityState bot = world.agent(org, SCOPE, "relayauth:budget:manage");
    IdentityState child = world.agent(org, bot, "relayauth:budget:manage");
    identityServiceKeeps(bot);
    Map<String, Object> wanted = Map.of("maxActionsPerHour", 3, "maxCostPerDay", 12.5);
    Response put = asAdmin().body(wanted).put("/v1/identities/" + bot.id() + "/budget");
    assertThat(put.statusCode()).as(put.asString()).isEqualTo(200);
    assertThat(put.<Integer>path("maxActionsPerHour")).isEqualTo(3);
    assertThat(put.<Number>path("limits.maxCostPerDay").doubleValue()).isEqualTo(12.5);
    assertThat(put.<Integer>path("usage.actionsThisHour")).isZero();
    for (IdentityState actor : List.of(bot, child)) {
      Response refused =
          given()
              .auth()
              .oauth2(world.token(actor, "relayauth:budget:manage"))
              .contentType(ContentType.JSON)
              .body(wanted)
              .put("/v1/identities/" + bot.id() + "/budget");
      assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(403);
    }
    assertThat(
            asAdmin().get("/v1/identities/" + child.id() + "/budget").<String>path("inheritedFrom"))
        .isEqualTo(bot.id());
    assertThat(asAdmin().get("/v1/identities/agent_nobody/budget").statusCode()).isEqualTo(404);
    assertThat(asAdmin().body(wanted).put("/v1/identities/agent_nobody/budget").statusCode())
        .isEqualTo(404);
  }

  private void identityServiceKeeps(IdentityState agent) {
    world
        .peers()
        .on(
            "/internal/v1/budgets/" + org + "/" + agent.id() + "/limits",
            call -> {
              IdentityState now = withBudget(agent, budgetIn(call));
              String revision = revisions.encode(new Revision(Map.of("identity", now.revision())));
              return Map.of("identity", now, "revision", revision);
            });
  }

  /** A zone in which it is that hour of the day. */
  private static String zoneAt(int hour) {
    int ahead = hour - OffsetDateTime.now(ZoneOffset.UTC).getHour();
    return ZoneOffset.ofHours(Math.floorMod(ahead + 12, 24) - 12).getId();
  }

  private static BudgetLimits daily(int cost, String zone) {
    return Json.MAPPER.convertValue(
        Map.of("maxCostPerDay", cost, "timezone", zone), BudgetLimits.class);
  }

  private void awaitZone(IdentityState agent, String zone) {
    eventually(
        () ->
            assertThat(
                    asAdmin()
                        .get("/v1/identities/" + agent.id() + "/budget")
                        .<String>path("limits.timezone"))
                .isEqualTo(zone));
  }

  @ParameterizedTest
  @CsvSource({"5, 0", "0, 5", "5, 23"})
  void anotherTimeZoneForgetsNothingThatWasSpentInItsDay(int before, int after) {
    String old = zoneAt(before);
    String now = zoneAt(after);
    IdentityState parent = agent(daily(10, old));
    IdentityState child = world.agent(org, parent, SCOPE);
    awaitZone(child, old);
    String token = world.token(child, SCOPE);
    String spend = "/v1/budgets/" + child.id() + "/spend";
    assertThat(spend(token, Map.of("cost", 4)).<String>path("reason")).isEqualTo("granted");
    assertThat(post(spend, Map.of("amount", 6)).statusCode()).isEqualTo(201);
    IdentityState moved = withBudget(parent, daily(10, now));
    awaitZone(moved, now);
    assertThat(post(spend, Map.of("amount", 1)).statusCode()).isEqualTo(403);
    assertThat(spend(token, Map.of("cost", 1)).<String>path("reason")).isEqualTo("budget_exceeded");
    assertThat(
            asAdmin()
                .get("/v1/identities/" + parent.id() + "/budget")
                .<Number>path("usage.costToday")
                .doubleValue())
        .isEqualTo(10);
    assertThat(post("/v1/budgets/" + child.id() + "/credit", Map.of("amount", 3)).statusCode())
        .isEqualTo(201);
    assertThat(post(spend, Map.of("amount", 3)).statusCode()).isEqualTo(201);
    assertThat(post(spend, Map.of("amount", 1)).statusCode()).isEqualTo(403);
    withBudget(
        moved,
        Json.MAPPER.convertValue(
            Map.of("maxCostPerDay", 10, "window", "sliding"), BudgetLimits.class));
    eventually(
        () ->
            assertThat(
                    asAdmin()
                        .get("/v1/identities/" + parent.id() + "/budget")
                        .<String>path("limits.window"))
                .isEqualTo("sliding"));
    assertThat(post(spend, Map.of("amount", 1)).statusCode()).isEqualTo(403);
  }

  @Test
  void aCapOnTheMonthCountsWhatWasSpentBeforeThereWasOne() {
    IdentityState bot = agent(limits(null, "10"));
    awaitBudget(bot);
    String token = world.token(bot, SCOPE);
    String path = "/v1/budgets/" + bot.id();
    assertThat(spend(token, Map.of("cost", 4)).<String>path("reason")).isEqualTo("granted");
    assertThat(post(path + "/spend", Map.of("amount", 5)).statusCode()).isEqualTo(201);
    withBudget(bot, Json.MAPPER.convertValue(Map.of("maxCostPerMonth", 10), BudgetLimits.class));
    eventually(
        () ->
            assertThat(
                    asAdmin()
                        .get("/v1/identities/" + bot.id() + "/budget")
                        .<Number>path("limits.maxCostPerMonth"))
                .isNotNull());
    assertThat(post(path + "/spend", Map.of("amount", 2)).statusCode()).isEqualTo(403);
    assertThat(post(path + "/spend", Map.of("amount", 1)).statusCode()).isEqualTo(201);
    assertThat(spend(token, Map.of("cost", 1)).<String>path("reason")).isEqualTo("budget_exceeded");
    assertThat(post(path + "/credit", Map.of("amount", 6)).statusCode()).isEqualTo(201);
  }

  private static BudgetLimits budgetIn(Peers.Call call) {
    record Body(BudgetLimits budget, Map<String, Object> author) {}
    Body body = Json.read(call.body().getBytes(StandardCharsets.UTF_8), Body.class);
    assertThat(body.author().get("actorId")).isNotNull();
    return body.budget();
  }

  @Test
  void limitsThatSayNothingAreTheParents() {
    IdentityState parent = agent(limits(7L, "70"));
    IdentityState child = world.agent(org, parent, SCOPE);
    withBudget(child, limits(null, null));
    awaitBudget(child);
    Response seen = asAdmin().get("/v1/identities/" + child.id() + "/budget");
    assertThat(seen.<String>path("inheritedFrom")).isEqualTo(parent.id());
    assertThat(seen.<Integer>path("maxActionsPerHour")).isEqualTo(7);
  }

  @Test
  void showsTheLeastOfTheLimitsOfAChain() {
    IdentityState parent = agent(limits(100L, "70"));
    IdentityState child = withBudget(world.agent(org, parent, SCOPE), limits(10L, "60"));
    withBudget(parent, limits(4L, "65"));
    eventually(
        () -> {
          Response seen = asAdmin().get("/v1/identities/" + child.id() + "/budget");
          assertThat(seen.<Integer>path("limits.maxActionsPerHour")).isEqualTo(4);
          assertThat(seen.<Number>path("maxCostPerDay").intValue()).isEqualTo(60);
          assertThat(seen.<Integer>path("usage.remainingActions")).isEqualTo(4);
          assertThat(seen.<String>path("inheritedFrom")).isNull();
        });
  }

  @Test
  void anOverrunTellsWhoAskedAndFromWhere() {
    IdentityState spender = agent(limits(null, "1"));
    IdentityState asked = agent(limits(null, "1"));
    awaitBudget(asked);
    Response refused =
        asAdmin()
            .header("user-agent", "overrun/1")
            .body(Map.of("amount", 2))
            .post("/v1/budgets/" + spender.id() + "/spend");
    assertThat(refused.statusCode()).isEqualTo(403);
    Response denied =
        asAdmin()
            .header("user-agent", "overrun/1")
            .body(
                Map.of(
                    "token",
                    world.token(asked, SCOPE),
                    "scope",
                    SCOPE,
                    "context",
                    Map.of("cost", 2)))
            .post("/v1/authorize");
    assertThat(denied.<String>path("reason")).isEqualTo("budget_exceeded");
    for (IdentityState bot : List.of(spender, asked)) {
      AuditRecord told =
          AuditTopic.of(world)
              .find(org, "budget.exceeded", found -> bot.id().equals(found.identityId()));
      assertThat(told.userAgent()).isEqualTo("overrun/1");
      assertThat(told.requestId()).isNotBlank();
      assertThat(told.ip()).isNotBlank();
      assertThat(told.workspaceId()).isEqualTo(bot.workspaceId());
    }
  }

  @Test
  void anAmountWithoutACurrencyHasTheMinorUnitsOfTheBudgets() {
    BudgetLimits dinars =
        Json.MAPPER.convertValue(Map.of("maxCostPerDay", 1, "currency", "KWD"), BudgetLimits.class);
    IdentityState bot = agent(dinars);
    awaitBudget(bot);
    String spend = "/v1/budgets/" + bot.id() + "/spend";
    assertThat(post(spend, Map.of("amount", 0.001)).statusCode()).isEqualTo(201);
    assertThat(post(spend, Map.of("amount", 0.0001)).statusCode()).isEqualTo(400);
    String token = world.token(bot, SCOPE);
    assertThat(spend(token, Map.of("cost", 0.001)).<String>path("reason")).isEqualTo("granted");
    Response tooFine =
        post(
            "/v1/authorize",
            Map.of("token", token, "scope", SCOPE, "context", Map.of("cost", 0.0001)));
    assertThat(tooFine.statusCode()).isEqualTo(400);
    assertThat(tooFine.<String>path("errors[0].pointer")).isEqualTo("/context/cost");
  }

  @Test
  void anUncappedCostHasTheMinorUnitsOfItsOwnCurrency() {
    String token = world.token(world.agent(org, SCOPE), SCOPE);
    Response tooFine =
        post(
            "/v1/authorize",
            Map.of("token", token, "scope", SCOPE, "context", Map.of("cost", 0.001)));
    assertThat(tooFine.statusCode()).as(tooFine.asString()).isEqualTo(400);
  }

  @Test
  void whatRemainsInTheShadowsIsWhatRemainsOfTheLimit() {
    BudgetLimits shadow =
        Json.MAPPER.convertValue(Map.of("maxCostPerDay", 2, "mode", "shadow"), BudgetLimits.class);
    IdentityState bot = agent(shadow);
    awaitBudget(bot);
    String token = world.token(bot, SCOPE);
    for (int left : new int[] {1, 0, 0, 0}) {
      Response granted = spend(token, Map.of("cost", 1));
      assertThat(granted.<String>path("reason")).isEqualTo("granted");
      assertThat(granted.<Number>path("budget.remaining").intValue()).isEqualTo(left);
    }
  }

  @Test
  void entriesAreInMajorUnits() {
    IdentityState bot = agent(limits(null, "5"));
    awaitBudget(bot);
    assertThat(post("/v1/budgets/" + bot.id() + "/spend", Map.of("amount", 1.25)).statusCode())
        .isEqualTo(201);
    List<Number> amounts =
        asAdmin().get("/v1/budgets/" + bot.id() + "/entries").path("data.amount");
    assertThat(amounts.stream().map(Number::doubleValue).toList())
        .containsExactlyInAnyOrder(-1.25, 1.25);
  }

  @Test
  void everyLevelAboveAnAgentBinds() {
    IdentityState parent = agent(limits(4L, "100"));
    IdentityState child = world.agent(org, parent, SCOPE);
    IdentityState bot = withBudget(child, limits(3L, null));
    put("/v1/budgets/organization", Map.of("maxCostPerDay", 9));
    put("/v1/budgets/workspaces/ws_prod", Map.of("maxCostPerDay", 8));
    put("/v1/budgets/sponsors/user_jane", Map.of("maxCostPerDay", 7));
    awaitBudget(bot);
    String token = world.token(bot, SCOPE);
    Response tooMuch = spend(token, Map.of("cost", 7.5));
    assertThat(tooMuch.<String>path("reason")).isEqualTo("budget_exceeded");
    assertThat(tooMuch.<String>path("budget.exceeded.ownerId")).isEqualTo("user_jane");
    for (int i = 0; i < 3; i++) {
      assertThat(spend(token, Map.of("cost", 1)).<String>path("reason")).isEqualTo("granted");
    }
    assertThat(spend(token, Map.of("cost", 1)).<String>path("reason")).isEqualTo("rate_exceeded");
    eventually(
        () -> {
          assertThat(
                  asAdmin()
                      .get("/v1/budgets/organization")
                      .<Number>path("usage.costToday")
                      .doubleValue())
              .isEqualTo(3);
          assertThat(
                  asAdmin()
                      .get("/v1/identities/" + parent.id() + "/budget")
                      .<Integer>path("usage.actionsThisHour"))
              .isEqualTo(3);
        });
    String parents = world.token(parent, SCOPE);
    assertThat(spend(parents, Map.of()).<String>path("reason")).isEqualTo("granted");
    assertThat(spend(parents, Map.of()).<String>path("reason")).isEqualTo("rate_exceeded");
  }

  @Test
  void theWorkspaceOfWhoStandsAboveBindsWhereverTheAgentIs() {
    IdentityState parent = world.agent(org, SCOPE);
    IdentityState bot =
        world.identity(org, IdentityState.Type.agent, "ws_elsewhere", parent, SCOPE);
    put("/v1/budgets/workspaces/ws_prod", Map.of("maxCostPerDay", 8));
    String token = world.token(bot, SCOPE);
    Response permit = spend(token, Map.of("cost", 5));
    assertThat(permit.<String>path("reason")).isEqualTo("granted");
    assertThat(spend(token, Map.of("cost", 5)).<String>path("reason")).isEqualTo("budget_exceeded");

    String permitId = permit.path("budget.reservation");
    String committed = reservations(bot) + "/" + permitId + "/commit";
    assertThat(post(committed, Map.of("amount", 1)).statusCode()).isEqualTo(200);

    eventually(
        () ->
            assertThat(spend(token, Map.of("cost", 7)).<String>path("reason"))
                .isEqualTo("granted"));
  }

  @Test
  void agentsWithoutABudgetHaveTheDefaultsOfTheirWorkspaceEachForItself() {
    put("/v1/budgets/organization", Map.of("agentDefaults", Map.of("maxActionsPerHour", 50)));
    put("/v1/budgets/workspaces/ws_prod", Map.of("agentDefaults", Map.of("maxActionsPerHour", 1)));
    for (int i = 0; i < 2; i++) {
      IdentityState bot = world.agent(org, SCOPE);
      String token = world.token(bot, SCOPE);
      assertThat(spend(token, Map.of()).<String>path("reason")).isEqualTo("granted");
      assertThat(spend(token, Map.of()).<String>path("reason")).isEqualTo("rate_exceeded");
      Response budget = asAdmin().get("/v1/identities/" + bot.id() + "/budget");
      assertThat(budget.<String>path("inheritedFrom")).isEqualTo("defaults");
      assertThat(budget.<Integer>path("limits.maxActionsPerHour")).isEqualTo(1);
    }
  }

  @Test
  void capsOnAScopeOnASingleAmountAndInTheShadowsDoWhatTheySay() {
    Map<String, Object> body = new HashMap<>();
    body.put("scopeCaps", List.of(Map.of("scope", "stripe:orders:*", "max", 1, "window", "hour")));
    body.put("maxCostPerAction", 2);
    IdentityState bot = agent(Json.MAPPER.convertValue(body, BudgetLimits.class));
    body.put("mode", "shadow");
    IdentityState shadow = agent(Json.MAPPER.convertValue(body, BudgetLimits.class));
    eventually(
        () ->
            assertThat(
                    asAdmin()
                        .get("/v1/identities/" + shadow.id() + "/budget")
                        .<String>path("limits.mode"))
                .isEqualTo("shadow"));
    String token = world.token(bot, SCOPE);
    Response single = spend(token, Map.of("cost", 3));
    assertThat(single.<String>path("reason")).isEqualTo("budget_exceeded");
    assertThat(single.<String>path("budget.exceeded.meter")).isEqualTo("cost-action");
    assertThat(spend(token, Map.of("cost", 2)).<String>path("reason")).isEqualTo("granted");
    assertThat(spend(token, Map.of("cost", 2)).<String>path("reason")).isEqualTo("rate_exceeded");
    String shadowed = world.token(shadow, SCOPE);
    for (int i = 0; i < 3; i++) {
      assertThat(spend(shadowed, Map.of("cost", 3)).<String>path("reason")).isEqualTo("granted");
    }
    assertThat(
            AuditTopic.of(world)
                .find(org, "budget.exceeded", found -> shadow.id().equals(found.identityId()))
                .metadata())
        .containsEntry("mode", "shadow");
  }

  @Test
  void aBatchTakesOfTheBudgetItemByItem() {
    IdentityState bot = agent(limits(3L, null));
    awaitBudget(bot);
    String token = world.token(bot, SCOPE);
    List<Map<String, String>> items = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      items.add(Map.of("token", token, "scope", SCOPE));
    }
    Response answered = post("/v1/authorize/batch", Map.of("requests", items));
    assertThat(answered.<List<String>>path("results.reason").stream().sorted().toList())
        .containsExactly("granted", "granted", "granted", "rate_exceeded", "rate_exceeded");
  }

  private void put(String path, Map<String, ?> body) {
    Response response = asAdmin().body(body).put(path);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
  }
}
