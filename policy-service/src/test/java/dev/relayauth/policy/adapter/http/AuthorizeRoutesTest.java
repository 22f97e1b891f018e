package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class AuthorizeRoutesTest extends PolicyServiceTest {
  @Test
  void answersInTheShapeOfTheContract() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    Response allowed =
        authorize(
            Map.of(
                "token", world.token(agent, "stripe:orders:read"), "scope", "stripe:orders:read"));
    Map<String, Object> answer = allowed.path("");
    assertThat(answer)
        .containsOnlyKeys(
            "allowed", "decision", "reason", "decisionId", "matched", "obligations", "revision")
        .containsEntry("allowed", true)
        .containsEntry("decision", "allow")
        .containsEntry("reason", "granted")
        .containsEntry("matched", Map.of("grant", "stripe:orders:read", "via", "direct"))
        .containsEntry("obligations", List.of());
    assertThat(allowed.<String>path("decisionId")).startsWith("dec_");
    assertThat(allowed.<String>path("revision")).isNotBlank();
  }

  @Test
  void itsRequestsAreTimedUnderTheNameOfAllOthers() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    authorize(Map.of("identityId", agent.id(), "scope", "stripe:orders:read"));
    post("/v1/authorize", Map.of("identityId", agent.id()));

    eventually(
        () ->
            assertThat(timed(RestAssured.get("/q/metrics").asString()))
                .contains("SUCCESS 200", "CLIENT_ERROR 400"));
  }

  private static List<String> timed(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("http_server_requests_seconds_count{"))
        .filter(line -> line.contains("uri=\"/v1/authorize\"") && line.contains("\"POST\""))
        .map(line -> label(line, "outcome") + " " + label(line, "status"))
        .toList();
  }

  private static String label(String line, String name) {
    int start = line.indexOf(name + "=\"") + name.length() + 2;
    return line.substring(start, line.indexOf('"', start));
  }

  @Test
  void takesNoTypeThatOnlyBeginsLikeJson() {
    Response refused =
        RestAssured.given()
            .config(
                RestAssured.config()
                    .encoderConfig(
                        EncoderConfig.encoderConfig()
                            .encodeContentTypeAs("application/jsonfoo", ContentType.TEXT)))
            .header("x-api-key", admin)
            .contentType("application/jsonfoo")
            .body("{}")
            .post("/v1/authorize");

    assertThat(refused.statusCode()).isEqualTo(415);
  }

  @Test
  void answersUnderItsOtherNameToo() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    Response denied =
        post(
            "/v1/policies/evaluate",
            Map.of("identity_id", agent.id(), "scope", "stripe:orders:approve"));
    assertThat(denied.statusCode()).isEqualTo(200);
    assertThat(denied.<String>path("decision")).isEqualTo("deny");
    assertThat(denied.<String>path("reason")).isEqualTo("implicit_deny");
  }

  @Test
  void deniesWhatTheTokenDoesNotCarry() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    assertThat(
            authorize(
                    Map.of(
                        "token",
                        world.token(agent, "stripe:orders:read"),
                        "scope",
                        "stripe:orders:write"))
                .<String>path("reason"))
        .isEqualTo("scope_not_in_token");
  }

  @Test
  void deniesATokenThatCanNotBeBelieved() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    String token = world.token(agent, "stripe:orders:read");
    assertThat(reasonOf(token.substring(0, token.length() - 8) + "AAAAAAAA"))
        .isEqualTo("token_invalid");
    assertThat(reasonOf("nonsense")).isEqualTo("token_invalid");
    long past = Instant.now().getEpochSecond() - 7200;
    String expired =
        world.sign(
            world.claims(agent, "stripe:orders:read").iat(past).nbf(past).exp(past + 3600).build());
    assertThat(reasonOf(expired)).isEqualTo("token_expired");
  }

  @Test
  void takesATokenForAnyAudience() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    String token =
        world.sign(world.claims(agent, "stripe:orders:read").aud(List.of("stripe")).build());
    assertThat(reasonOf(token)).isEqualTo("granted");
  }

  @Test
  void deniesATokenOfAnotherOrganisationAndTellsNothingOfIt() {
    IdentityState stranger = world.agent(world.id(IdPrefix.ORGANIZATION), "stripe:orders:*");
    String token = world.token(stranger, "stripe:orders:read");
    assertThat(reasonOf(token)).isEqualTo("org_mismatch");
    AuditRecord recorded = AuditTopic.of(world).find(org, "scope.checked");
    assertThat(recorded.identityId()).isNull();
    assertThat(recorded.sponsorChain()).isEmpty();
    assertThat(authorize(stranger, "stripe:orders:read").<String>path("reason"))
        .isEqualTo("identity_not_found");
  }

  @Test
  void deniesOnceRevokedOrSuspended() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    String token = world.token(agent, "stripe:orders:read");
    assertThat(reasonOf(token)).isEqualTo("granted");
    world.revoke(org, RevocationKind.IDENTITY, agent.id(), false);
    eventually(() -> assertThat(reasonOf(token)).isEqualTo("token_revoked"));
    withStatus(agent, IdentityState.Status.suspended);
    eventually(() -> assertThat(reasonOf(token)).isEqualTo("identity_suspended"));
  }

  @Test
  void knowsAnIdentityThatOnlyItsOwnerKnowsYet() {
    for (int i = 0; i < 20; i++) {
      IdentityState agent = world.agent(org, "stripe:orders:read");
      assertThat(authorize(agent, "stripe:orders:read").<String>path("reason"))
          .isEqualTo("granted");
    }
  }

  @Test
  void explainsWithoutDecidingOtherwise() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    Response explained =
        authorize(
            Map.of("identityId", agent.id(), "scope", "stripe:orders:approve", "explain", true));
    assertThat(explained.<String>path("reason")).isEqualTo("implicit_deny");
    assertThat(explained.<String>path("explanation.nearestMiss.scope"))
        .isEqualTo("stripe:orders:read");
    assertThat(explained.<String>path("explanation.nearestMiss.segment")).isEqualTo("action");
    policy(
        Map.of(
            "name",
            "weird-hours",
            "effect",
            "deny",
            "scopes",
            List.of("stripe:orders:read"),
            "conditions",
            List.of(Map.of("type", "time", "operator", "lt", "value", "2001-01-01T00:00:00Z"))));
    Response unmet =
        authorize(Map.of("identityId", agent.id(), "scope", "stripe:orders:read", "explain", true));
    assertThat(unmet.<Boolean>path("allowed")).isTrue();
    assertThat(unmet.<String>path("explanation.policies[0].conditions[0].result"))
        .isEqualTo("unmet");
  }

  @Test
  void recordsEachDecisionWithItsChain() {
    IdentityState parent = world.agent(org, "stripe:orders:*");
    IdentityState child = world.agent(org, parent, "stripe:orders:read");
    String token = world.token(child, "stripe:orders:read");
    String decisionId =
        authorize(Map.of("token", token, "scope", "stripe:orders:read")).path("decisionId");
    AuditRecord recorded =
        AuditTopic.of(world)
            .find(
                org,
                "scope.checked",
                found -> decisionId.equals(found.metadata().get("decisionId")));
    assertThat(recorded.result()).isEqualTo(AuditRecord.Result.allowed);
    assertThat(recorded.identityId()).isEqualTo(child.id());
    assertThat(recorded.sponsorChain()).containsExactly("user_jane", parent.id(), child.id());
    assertThat(recorded.plane()).isEqualTo("stripe");
    assertThat(recorded.resource()).isEqualTo("orders");
    assertThat(recorded.tokenId()).startsWith("tok_");
    assertThat(recorded.metadata())
        .containsEntry("scope", "stripe:orders:read")
        .containsEntry("reason", "granted")
        .containsKeys("actorId", "policyRevision")
        .doesNotContainKey("dry");
  }

  @Test
  void answersABatchInOrderAndRecordsItOnce() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    AuditTopic audit = AuditTopic.of(world);
    List<Map<String, String>> requests =
        List.of(
            Map.of("identityId", agent.id(), "scope", "stripe:orders:read"),
            Map.of("identityId", agent.id(), "scope", "stripe:orders:write"),
            Map.of("identityId", "agent_nobody", "scope", "stripe:orders:read"));
    Response answered = post("/v1/authorize/batch", Map.of("requests", requests));
    assertThat(answered.statusCode()).isEqualTo(200);
    assertThat(answered.<List<String>>path("results.reason"))
        .containsExactly("granted", "implicit_deny", "identity_not_found");
    AuditRecord recorded = audit.find(org, "scope.checked");
    assertThat(recorded.metadata()).containsEntry("count", "3").containsEntry("denied", "2");
    assertThat(recorded.metadata().get("items"))
        .contains("stripe:orders:write implicit_deny")
        .contains("agent_nobody");
    assertThat(audit.count(org, "scope.checked")).isEqualTo(1);
  }

  @Test
  void takesAThousandInABatchAndNotOneMore() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    List<Map<String, String>> requests =
        new ArrayList<>(
            IntStream.range(0, 1000)
                .mapToObj(i -> Map.of("identityId", agent.id(), "scope", "stripe:orders:read"))
                .toList());
    Response answered = post("/v1/authorize/batch", Map.of("items", requests));
    assertThat(answered.<List<Boolean>>path("results.allowed")).hasSize(1000).containsOnly(true);
    requests.add(requests.getFirst());
    assertThat(post("/v1/authorize/batch", Map.of("requests", requests)).statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"scope\":\"a:b:c\"}",
        "{\"identityId\":\"agent_x\"}",
        "{\"identityId\":\"agent_x\",\"token\":\"y\",\"scope\":\"a:b:c\"}",
        "{\"identityId\":7,\"scope\":\"a:b:c\"}",
        "{\"identityId\":\"agent_x\",\"scope\":\"a:b\"}",
        "{\"identityId\":\"agent_x\",\"scope\":\"a:b:c\",\"context\":[]}",
        "{\"identityId\":\"agent_x\",\"scope\":\"a:b:c\",\"context\":{\"ip\":\"nowhere\"}}",
        "{\"identityId\":\"agent_x\",\"scope\":\"a:b:c\",\"context\":{\"time\":\"noon\"}}",
        "{\"identityId\":\"agent_x\",\"scope\":\"a:b:c\",\"explain\":\"yes\"}",
        "{\"identityId\":\"agent_x\",\"scope\":\"a:b:c\",\"atLeastAsFresh\":\"made-up\"}"
      })
  void refusesABadQuestionWith400(String body) {
    Response refused = asAdmin().body(body).post("/v1/authorize");
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(400);
    Response batch = asAdmin().body("{\"requests\":[" + body + "]}").post("/v1/authorize/batch");
    assertThat(batch.statusCode()).as(batch.asString()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "agent_%00", "agent_x/chain", "user jane", "agent_é"})
  void anIdentityThatCanNotBeIsNotFound(String id) {
    assertThat(
            authorize(Map.of("identityId", id, "scope", "stripe:orders:read"))
                .<String>path("reason"))
        .isEqualTo("identity_not_found");
  }

  @Test
  void hasSeenTheRevisionThatTheCallerSendsBack() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    for (int i = 0; i < 10; i++) {
      Response created =
          post(
              "/v1/policies",
              Map.of(
                  "name",
                  "deny-number-" + i,
                  "effect",
                  "deny",
                  "scopes",
                  List.of("stripe:orders:read:#n" + i)));
      String revision = created.header("Relay-Revision");
      assertThat(
              authorize(
                      Map.of(
                          "identityId",
                          agent.id(),
                          "scope",
                          "stripe:orders:read:#n" + i,
                          "atLeastAsFresh",
                          revision))
                  .<String>path("reason"))
          .isEqualTo("org_policy_deny");
    }
  }

  @Test
  void grantsByRoleAndStopsWhenTheRoleIsGone() {
    String role = role("order-reader", "stripe:orders:read");
    IdentityState agent = withRoles(world.agent(org), role);
    eventually(
        () ->
            assertThat(authorize(agent, "stripe:orders:read").<String>path("matched.role"))
                .isEqualTo(role));
    asAdmin().delete("/v1/roles/" + role);
    assertThat(authorize(agent, "stripe:orders:read").<String>path("reason"))
        .isEqualTo("implicit_deny");
  }

  @Test
  void grantsByABuiltInRole() {
    IdentityState agent = withRoles(world.agent(org), "role_relayauth-read-only");
    eventually(
        () ->
            assertThat(authorize(agent, "relayauth:audit:read").<String>path("reason"))
                .isEqualTo("granted"));
    assertThat(authorize(agent, "relayauth:audit:manage").<String>path("reason"))
        .isEqualTo("implicit_deny");
  }

  private String reasonOf(String token) {
    return authorize(Map.of("token", token, "scope", "stripe:orders:read")).path("reason");
  }
}
