package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.token.Actor;
import dev.relayauth.policy.adapter.kafka.OrganizationProjection;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class ApprovalRoutesTest extends PolicyServiceTest {
  private static final String SCOPE = "bank:transfers:create";
  private static final String MANAGE = "relayauth:approval:manage";
  @Inject OrganizationProjection organizations;

  private IdentityState agent;
  private String token = "";

  @BeforeEach
  void beginWithAPolicyThatWantsAHuman() {
    agent = world.agent(org, "bank:*:*");
    token = world.token(agent, "bank:*:*");
    policy(
        Map.of(
            "name",
            "ask-first",
            "effect",
            "allow",
            "scopes",
            List.of(SCOPE),
            "obligations",
            List.of(Map.of("type", "require_approval"), Map.of("type", "log"))));
  }

  private Response ask(Map<String, ?> context) {
    return authorize(Map.of("token", token, "scope", SCOPE, "context", context));
  }

  private String requested(Map<String, ?> context) {
    Response denied = ask(context);
    assertThat(denied.<String>path("reason")).as(denied.asString()).isEqualTo("approval_required");
    return denied.path("approval.id");
  }

  private IdentityState person(IdentityState.Type type, IdentityState parent) {
    return world.identity(org, type, "ws_prod", parent, MANAGE);
  }

  private String humanToken() {
    return world.token(person(IdentityState.Type.human, null), MANAGE);
  }

  private static Response answer(String bearer, String id, String verb) {
    return given()
        .auth()
        .oauth2(bearer)
        .contentType(ContentType.JSON)
        .body(Map.of("reason", "seen"))
        .post("/v1/approvals/" + id + "/" + verb);
  }

  @Test
  void anApprovalUsedWithinABatchNamesTheDecisionOfItsItem() {
    String id = requested(Map.of("amount", 5));
    assertThat(answer(humanToken(), id, "approve").statusCode()).isEqualTo(200);

    Response batch =
        post(
            "/v1/authorize/batch",
            Map.of(
                "requests",
                List.of(
                    Map.of("identityId", agent.id(), "scope", SCOPE),
                    Map.of("token", token, "scope", SCOPE, "context", Map.of("amount", 5)))));

    assertThat(batch.<Boolean>path("results[1].allowed")).as(batch.asString()).isTrue();
    assertThat(asAdmin().get("/v1/approvals/" + id).<String>path("decisionId"))
        .isEqualTo(batch.path("results[1].decisionId"));
  }

  @Test
  void answersWithAHandleAndAsksOnlyOnce() {
    String id = requested(Map.of("amount", 5));
    Response again = ask(Map.of("amount", 5, "ip", "10.0.0.1"));
    assertThat(again.<Boolean>path("allowed")).isFalse();
    assertThat(again.<String>path("approval.id")).isEqualTo(id).startsWith("apr_");
    assertThat(again.<String>path("approval.status")).isEqualTo("pending");
    assertThat(again.<String>path("approval.expiresAt")).isNotBlank();
    assertThat(requested(Map.of("amount", 6))).isNotEqualTo(id);
    Response shown = asAdmin().get("/v1/approvals/" + id);
    assertThat(shown.<String>path("identityId")).isEqualTo(agent.id());
    assertThat(shown.<String>path("scope")).isEqualTo(SCOPE);
    assertThat(shown.<Integer>path("context.amount")).isEqualTo(5);
    assertThat(asAdmin().get("/v1/approvals?status=pending").<List<?>>path("data")).hasSize(2);
    assertThat(asAdmin().get("/v1/approvals?status=used").<List<?>>path("data")).isEmpty();
    assertThat(asAdmin().get("/v1/approvals?status=x").statusCode()).isEqualTo(400);
    assertThat(AuditTopic.of(world).find(org, "approval.requested").metadata())
        .containsKeys("approvalId", "requestHash", "scope");
  }

  @Test
  void passesOnceWhenAHumanHasApproved() {
    String id = requested(Map.of("amount", 5));
    Response approved = answer(humanToken(), id, "approve");
    assertThat(approved.statusCode()).as(approved.asString()).isEqualTo(200);
    assertThat(approved.<String>path("status")).isEqualTo("approved");
    assertThat(requested(Map.of("amount", 6))).isNotEqualTo(id);
    Response passed = ask(Map.of("amount", 5, "ip", "192.0.2.7"));
    assertThat(passed.<String>path("reason")).as(passed.asString()).isEqualTo("granted");
    assertThat(passed.<List<Map<String, String>>>path("obligations"))
        .containsExactly(Map.of("type", "log"));
    assertThat(passed.<String>path("approval.status")).isEqualTo("used");
    assertThat(requested(Map.of("amount", 5))).isNotEqualTo(id);
    AuditTopic audit = AuditTopic.of(world);
    assertThat(audit.find(org, "approval.approved").metadata()).containsEntry("approvalId", id);
    assertThat(audit.find(org, "approval.used").metadata())
        .containsEntry("decisionId", passed.path("decisionId"));
  }

  private String tokenOutOf(String... lineage) {
    IdentityState human = person(IdentityState.Type.human, null);
    return world.sign(world.claims(human, MANAGE).lineage(List.of(lineage)).build());
  }

  @Test
  void namesTheKeyOutOfWhichTheHumansTokenCame() {
    String id = requested(Map.of("amount", 5));
    Response approved = answer(tokenOutOf("tok_before", "ak_admin"), id, "approve");
    assertThat(approved.<String>path("credentialId")).as(approved.asString()).isEqualTo("ak_admin");
    assertThat(asAdmin().get("/v1/approvals/" + id).<String>path("credentialId"))
        .isEqualTo("ak_admin");
    assertThat(AuditTopic.of(world).find(org, "approval.approved").metadata())
        .containsEntry("credentialId", "ak_admin");
    Response signedIn = answer(tokenOutOf(), requested(Map.of("amount", 6)), "reject");
    assertThat(signedIn.statusCode()).isEqualTo(200);
    assertThat(signedIn.<String>path("credentialId")).isNull();
  }

  @Test
  void whereTheOrganisationWantsPeopleToSignInNoKeysTokenAnswers() {
    String id = requested(Map.of("amount", 5));
    requireSignIn();
    Response refused = answer(tokenOutOf("ak_admin"), id, "approve");
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(403);
    assertThat(refused.<String>path("code")).isEqualTo("human_required");
    assertThat(refused.<String>path("detail")).contains("signed in", "ak_admin");
    assertThat(answer(tokenOutOf(), id, "approve").statusCode()).isEqualTo(200);
  }

  private void requireSignIn() {
    long sequence = world.sequence();
    Instant now = Instant.now();
    OrganizationSettings settings =
        new OrganizationSettings(null, null, null, null, null, null, null, true);
    world.publish(
        Topics.IDENTITY,
        EntityKind.ORGANIZATION.key(org, org),
        "organization",
        org,
        sequence,
        Json.write(
            new OrganizationState(org, "Careful", null, "EdDSA", settings, now, now, sequence)));
    Awaitility.await().until(() -> organizations.settings(org).equals(settings));
  }

  @Test
  void ofManyWhoAskAtOnceOnePasses() {
    String id = requested(Map.of());
    assertThat(answer(humanToken(), id, "approve").statusCode()).isEqualTo(200);
    List<CompletableFuture<Response>> asking =
        IntStream.range(0, 16)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> ask(Map.of())))
            .toList();
    assertThat(asking.stream().map(CompletableFuture::join).filter(r -> r.path("allowed")))
        .hasSize(1);
  }

  @Test
  void whatABudgetRefusesLeavesItsApprovalUsable() {
    capTheOrganisationAt(10);
    Map<String, ?> context = Map.of("cost", 6);
    String id = requested(context);
    assertThat(answer(humanToken(), id, "approve").statusCode()).isEqualTo(200);
    capTheOrganisationAt(5);
    Response refused = ask(context);
    assertThat(refused.<String>path("reason")).isEqualTo("budget_exceeded");
    assertThat(asAdmin().get("/v1/approvals/" + id).<String>path("status")).isEqualTo("approved");
    capTheOrganisationAt(10);
    Response passed = ask(context);
    assertThat(passed.<String>path("reason")).as(passed.asString()).isEqualTo("granted");
    assertThat(passed.<String>path("approval.id")).isEqualTo(id);
    assertThat(passed.<String>path("approval.status")).isEqualTo("used");
  }

  @Test
  void nobodyIsAskedAboutWhatNoBudgetHasRoomFor() {
    capTheOrganisationAt(10);
    Map<String, ?> tooMuch = Map.of("cost", 11);
    Response refused = ask(tooMuch);
    assertThat(refused.<String>path("reason")).isEqualTo("budget_exceeded");
    assertThat(refused.<Object>path("approval")).isNull();
    assertThat(refused.<String>path("budget.exceeded.ownerId")).isEqualTo(org);
    assertThat(
            authorize(Map.of("identityId", agent.id(), "scope", SCOPE, "context", tooMuch))
                .<String>path("reason"))
        .isEqualTo("budget_exceeded");
    assertThat(asAdmin().get("/v1/approvals").<List<?>>path("data")).isEmpty();
    assertThat(requested(Map.of("cost", 10))).isNotBlank();
    assertThat(AuditTopic.of(world).find(org, "budget.exceeded").identityId())
        .isEqualTo(agent.id());
  }

  @Test
  void whoIsTooLateForAnApprovalPaysNothing() {
    capTheOrganisationAt(100);
    Map<String, ?> context = Map.of("cost", 1);
    String id = requested(context);
    assertThat(answer(humanToken(), id, "approve").statusCode()).isEqualTo(200);
    List<CompletableFuture<Response>> asking =
        IntStream.range(0, 16)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> ask(context)))
            .toList();
    assertThat(asking.stream().map(CompletableFuture::join).filter(r -> r.path("allowed")))
        .hasSize(1);
    eventually(
        () ->
            assertThat(
                    asAdmin()
                        .get("/v1/budgets/organization")
                        .<Number>path("usage.costToday")
                        .doubleValue())
                .isEqualTo(1));
  }

  private void capTheOrganisationAt(int cost) {
    Response put = asAdmin().body(Map.of("maxCostPerDay", cost)).put("/v1/budgets/organization");
    assertThat(put.statusCode()).as(put.asString()).isEqualTo(200);
  }

  @Test
  void aRejectedRequestStaysDenied() {
    String id = requested(Map.of());
    assertThat(answer(humanToken(), id, "reject").<String>path("status")).isEqualTo("rejected");
    Response denied = ask(Map.of());
    assertThat(denied.<String>path("reason")).isEqualTo("approval_required");
    assertThat(denied.<String>path("approval.id")).isEqualTo(id);
    assertThat(denied.<String>path("approval.status")).isEqualTo("rejected");
    assertThat(answer(humanToken(), id, "approve").statusCode()).isEqualTo(409);
    assertThat(AuditTopic.of(world).find(org, "approval.rejected").metadata())
        .containsEntry("comment", "seen");
  }

  @Test
  void onlyAHumanOfTheOrganisationAnswers() {
    String id = requested(Map.of());
    Response byKey = asAdmin().body("{}").post("/v1/approvals/" + id + "/approve");
    assertThat(byKey.statusCode()).isEqualTo(403);
    assertThat(byKey.<String>path("code")).isEqualTo("human_required");
    IdentityState other = person(IdentityState.Type.agent, null);
    assertThat(answer(world.token(other, MANAGE), id, "approve").<String>path("code"))
        .isEqualTo("human_required");
    IdentityState puppet = person(IdentityState.Type.human, other);
    assertThat(answer(world.token(puppet, MANAGE), id, "approve").<String>path("code"))
        .isEqualTo("human_required");
    IdentityState human = person(IdentityState.Type.human, null);
    String delegated =
        world.sign(
            world
                .claims(human, MANAGE)
                .act(new Actor(other.id(), other.sponsorChain(), null))
                .build());
    assertThat(answer(delegated, id, "approve").<String>path("code")).isEqualTo("human_required");
    IdentityState stranger = world.agent(world.id(IdPrefix.ORGANIZATION), MANAGE);
    assertThat(answer(world.token(stranger, MANAGE), id, "approve").statusCode()).isIn(403, 404);
    assertThat(AuditTopic.of(world).find(org, "scope.denied").metadata())
        .containsEntry("reason", "human_required");
    assertThat(asAdmin().get("/v1/approvals/" + id).<String>path("status")).isEqualTo("pending");
  }

  @Test
  void aSponsorAnswersWithTheirOwnToken() {
    String id = requested(Map.of());
    String jane =
        world.sign(
            world
                .claims(agent, MANAGE)
                .sub("user_jane")
                .sponsorId("user_jane")
                .sponsorChain(List.of("user_jane"))
                .build());
    assertThat(answer(jane, id, "approve").<String>path("decidedBy")).isEqualTo("user_jane");
  }

  @Test
  void aDryQuestionAsksNobodyAndUsesNothing() {
    assertThat(authorize(agent, SCOPE).<Object>path("approval")).isNull();
    String id = requested(Map.of());
    answer(humanToken(), id, "approve");
    Response explained = authorize(Map.of("token", token, "scope", SCOPE, "explain", true));
    assertThat(explained.<String>path("reason")).isEqualTo("approval_required");
    assertThat(authorize(agent, SCOPE).<String>path("reason")).isEqualTo("approval_required");
    assertThat(ask(Map.of()).<String>path("reason")).isEqualTo("granted");
  }

  @Test
  void whatIsLateCountsNoMoreAndIsOnRecord() throws SQLException {
    String id = requested(Map.of());
    answer(humanToken(), id, "approve");
    try (Connection connection =
            DriverManager.getConnection(world.jdbcUrl(), "postgres", "postgres");
        PreparedStatement late =
            connection.prepareStatement(
                "update policy.approval set expires_at = now() - interval '1 s' where id = ?")) {
      late.setString(1, id);
      assertThat(late.executeUpdate()).isEqualTo(1);
    }
    assertThat(requested(Map.of())).isNotEqualTo(id);
    assertThat(AuditTopic.of(world).find(org, "approval.expired").metadata())
        .containsEntry("approvalId", id);
    assertThat(answer(humanToken(), id, "approve").statusCode()).isEqualTo(409);
  }

  @Test
  void anAgentCanNotHaveAnyNumberWaiting() {
    IntStream.range(0, 100).forEach(i -> requested(Map.of("n", i)));
    Response beyond = ask(Map.of("n", 100));
    assertThat(beyond.<String>path("reason")).isEqualTo("approval_required");
    assertThat(beyond.<Object>path("approval")).isNull();
  }
}
