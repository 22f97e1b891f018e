package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.Claims;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class AuthZenRoutesTest extends PolicyServiceTest {
  private static Map<String, Object> subject(String id) {
    return Map.of("type", "agent", "id", id);
  }

  private static Map<String, Object> resource(String id) {
    return Map.of("type", "stripe:orders", "id", id);
  }

  private static Map<String, Object> question(Object subject, String action, Object resource) {
    return Map.of("subject", subject, "action", Map.of("name", action), "resource", resource);
  }

  private Response evaluate(Object body) {
    Response response = post("/access/v1/evaluation", body);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    return response;
  }

  private IdentityState named(String externalId, String... scopes) {
    IdentityState agent = world.agent(org, scopes);
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
            false,
            Map.of("externalId", externalId),
            null,
            null,
            null,
            null,
            agent.createdAt(),
            agent.updatedAt(),
            world.sequence()));
  }

  @Test
  void permitsAndDeniesWith200AndEchoesTheRequestId() {
    IdentityState agent = world.agent(org, "stripe:orders:read:42");
    Response permit =
        asAdmin()
            .header("X-Request-ID", "bfe9eb29-ab87")
            .body(question(subject(agent.id()), "read", resource("42")))
            .post("/access/v1/evaluation");
    assertThat(permit.statusCode()).isEqualTo(200);
    assertThat(permit.header("X-Request-ID")).isEqualTo("bfe9eb29-ab87");
    assertThat(permit.<Boolean>path("decision")).isTrue();
    assertThat(permit.<String>path("context.matched.grant")).isEqualTo("stripe:orders:read:42");
    Response deny = evaluate(question(subject(agent.id()), "read", resource("43")));
    assertThat(deny.<Boolean>path("decision")).isFalse();
    assertThat(deny.<String>path("context.reason")).isEqualTo("implicit_deny");
  }

  @Test
  void takesTheAgentFromTheTokenAndNothingFromTheOtherProperties() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    IdentityState other = world.agent(org, "stripe:orders:*");
    String token = world.token(agent, "stripe:orders:read");
    Map<String, Object> claimed =
        Map.of("token", token, "scopes", List.of("*"), "sponsorChain", List.of("user_root"));
    Map<String, Object> honest = Map.of("type", "agent", "id", agent.id(), "properties", claimed);
    assertThat(evaluate(question(honest, "read", resource("1"))).<Boolean>path("decision"))
        .isTrue();
    assertThat(evaluate(question(honest, "write", resource("1"))).<String>path("context.reason"))
        .isEqualTo("scope_not_in_token");
    Map<String, Object> borrowed = Map.of("type", "agent", "id", other.id(), "properties", claimed);
    assertThat(evaluate(question(borrowed, "read", resource("1"))).<String>path("context.reason"))
        .isEqualTo("token_invalid");
  }

  @Test
  void anAgentThatAsksAboutItselfHasPresentedItsBearer() {
    IdentityState agent = world.agent(org, "stripe:orders:*", "relayauth:scope:read");
    String bearer = world.token(agent, "stripe:orders:read", "relayauth:scope:read");
    Response write =
        given()
            .auth()
            .oauth2(bearer)
            .contentType(ContentType.JSON)
            .body(question(subject(agent.id()), "write", resource("1")))
            .post("/access/v1/evaluation");
    assertThat(write.<String>path("context.reason")).isEqualTo("scope_not_in_token");
  }

  @Test
  void findsASubjectByTheNameThatItsPeerChose() {
    IdentityState alice = named("alice@example.com", "stripe:orders:read");
    eventually(
        () ->
            assertThat(
                    evaluate(question(subject("alice@example.com"), "read", resource("1")))
                        .<Boolean>path("decision"))
                .isTrue());
    Response found =
        post("/access/v1/search/subject", question(Map.of("type", "user"), "read", resource("1")));
    assertThat(found.<String>path("results[0].id")).isEqualTo("alice@example.com");
    assertThat(found.<String>path("results[0].type")).isEqualTo("user");
    assertThat(found.<String>path("results[0].properties.identityId")).isEqualTo(alice.id());
    named("alice@example.com", "stripe:orders:read");
    eventually(
        () ->
            assertThat(
                    evaluate(question(subject("alice@example.com"), "read", resource("1")))
                        .<String>path("context.reason"))
                .isEqualTo("identity_not_found"));
  }

  @ParameterizedTest
  @CsvSource({
    "stripe:orders, 42, read, stripe:orders:read:42",
    "todo, 1, can_read_user, authzen:todo:can-read-user:1",
    "stripe:orders, 'a b', read, stripe:orders:read:a%20b",
    "stripe:orders, 'urn:x:1', read, stripe:orders:read",
    "relayfile:fs, /docs//a, write, relayfile:fs:write:/docs/a"
  })
  void mapsResourceAndActionToAScope(String type, String id, String action, String scope) {
    IdentityState agent = world.agent(org, "*");
    Map<String, Object> named = Map.of("type", type, "id", id);
    String decisionId =
        evaluate(question(subject(agent.id()), action, named)).path("context.decisionId");
    AuditRecord recorded =
        AuditTopic.of(world)
            .find(
                org,
                "scope.checked",
                found -> decisionId.equals(found.metadata().get("decisionId")));
    assertThat(recorded.metadata().get("scope")).isIn(scope, scope + ":*");
  }

  @Test
  void anIdWithoutASpellingNeedsEveryPath() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    Object asked = question(subject(agent.id()), "read", resource("urn:x:1"));
    assertThat(evaluate(asked).<Boolean>path("decision")).isTrue();
    policy(
        Map.of(
            "name",
            "no-secret",
            "effect",
            "deny",
            "scopes",
            List.of("stripe:orders:read:#secret")));
    assertThat(evaluate(asked).<Boolean>path("decision")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "execute_all, 'true,false,true'",
    "deny_on_first_deny, 'true,false'",
    "permit_on_first_permit, 'true'"
  })
  void answersManyAsFarAsTheSemanticGoes(String semantic, String expected) {
    IdentityState agent = world.agent(org, "stripe:orders:read:1", "stripe:orders:read:3");
    Response answered =
        post(
            "/access/v1/evaluations",
            Map.of(
                "subject",
                subject(agent.id()),
                "action",
                Map.of("name", "read"),
                "evaluations",
                List.of(
                    Map.of("resource", resource("1")),
                    Map.of("resource", resource("2")),
                    Map.of("resource", resource("3"))),
                "options",
                Map.of("evaluations_semantic", semantic)));
    assertThat(answered.statusCode()).isEqualTo(200);
    assertThat(answered.<List<Boolean>>path("evaluations.decision"))
        .extracting(String::valueOf)
        .isEqualTo(List.of(expected.split(",")));
  }

  @Test
  void evaluationsWithoutItemsIsOneEvaluation() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    Response answered =
        post("/access/v1/evaluations", question(subject(agent.id()), "read", resource("1")));
    assertThat(answered.<Boolean>path("decision")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"subject\":\"x\",\"action\":{\"name\":\"r\"},\"resource\":{\"type\":\"t\",\"id\":\"1\"}}",
        "{\"subject\":{\"type\":\"a\"},\"action\":{\"name\":\"r\"},\"resource\":{\"type\":\"t\",\"id\":\"1\"}}",
        "{\"subject\":{\"type\":\"a\",\"id\":7},\"action\":{\"name\":\"r\"},\"resource\":{\"type\":\"t\",\"id\":\"1\"}}",
        "{\"subject\":{\"type\":\"a\",\"id\":\"b\"},\"action\":{},\"resource\":{\"type\":\"t\",\"id\":\"1\"}}",
        "{\"subject\":{\"type\":\"a\",\"id\":\"b\"},\"action\":{\"name\":\"r\"},\"resource\":{\"id\":\"1\"}}",
        "{\"subject\":{\"type\":\"a\",\"id\":\"b\"},\"action\":{\"name\":\"r\"},\"resource\":{\"type\":\"t:u:v\",\"id\":\"1\"}}",
        "{\"subject\":{\"type\":\"a\",\"id\":\"b\"},\"action\":{\"name\":\"r\"},\"resource\":{\"type\":\"t\",\"id\":\"1\"},\"context\":3}",
        "{\"subject\":{\"type\":\"a\",\"id\":\"b\",\"properties\":{\"token\":1}},\"action\":{\"name\":\"r\"},\"resource\":{\"type\":\"t\",\"id\":\"1\"}}"
      })
  void refusesAMalformedRequestWith400AndAMessage(String body) {
    for (String path : List.of("/access/v1/evaluation", "/access/v1/evaluations")) {
      Response refused = asAdmin().header("X-Request-ID", "req-1").body(body).post(path);
      assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(400);
      assertThat(refused.asString()).startsWith("\"validation_failed: ");
      assertThat(refused.header("X-Request-ID")).isEqualTo("req-1");
    }
  }

  @Test
  void refusesAnItemThatLacksWhatNoDefaultGivesAndAnUnknownSemantic() {
    assertThat(
            post(
                    "/access/v1/evaluations",
                    Map.of("subject", subject("x"), "evaluations", List.of(Map.of())))
                .statusCode())
        .isEqualTo(400);
    assertThat(
            post(
                    "/access/v1/evaluations",
                    Map.of(
                        "evaluations",
                        List.of(question(subject("x"), "read", resource("1"))),
                        "options",
                        Map.of("evaluations_semantic", "whatever")))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void findsSubjectsPageByPage() {
    for (int i = 0; i < 5; i++) {
      world.agent(org, "stripe:orders:read");
    }
    world.agent(org, "stripe:orders:write");
    eventually(() -> assertThat(pages(2)).hasSize(5).doesNotHaveDuplicates());
  }

  private List<String> pages(int limit) {
    List<String> ids = new java.util.ArrayList<>();
    String token = "";
    do {
      Response page =
          post(
              "/access/v1/search/subject",
              Map.of(
                  "subject",
                  Map.of("type", "agent"),
                  "action",
                  Map.of("name", "read"),
                  "resource",
                  resource("1"),
                  "page",
                  Map.of("token", token, "limit", limit)));
      assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
      List<String> found = page.path("results.id");
      assertThat(found).hasSizeLessThanOrEqualTo(limit);
      ids.addAll(found);
      token = page.path("page.next_token");
    } while (!token.isEmpty());
    return ids;
  }

  @Test
  void findsResourcesAndActionsThatEvaluationPermits() {
    IdentityState agent =
        world.agent(org, "stripe:orders:manage:42", "stripe:orders:read:/a/*", "stripe:x:read:9");
    policy(
        Map.of("name", "no-delete", "effect", "deny", "scopes", List.of("stripe:orders:delete")));
    Response resources =
        post(
            "/access/v1/search/resource",
            question(subject(agent.id()), "read", Map.of("type", "stripe:orders")));
    assertThat(resources.<List<String>>path("results.id")).containsExactly("/a/*", "42");
    assertThat(resources.<String>path("page.next_token")).isEmpty();
    Response actions =
        post(
            "/access/v1/search/action",
            Map.of("subject", subject(agent.id()), "resource", resource("42")));
    assertThat(actions.<List<String>>path("results.name"))
        .containsExactly("create", "read", "write");
    for (String action : actions.<List<String>>path("results.name")) {
      assertThat(
              evaluate(question(subject(agent.id()), action, resource("42")))
                  .<Boolean>path("decision"))
          .isTrue();
    }
  }

  @Test
  void findsWhatATokenPermitsAndNothingByOneThatIsRefused() {
    IdentityState agent = world.agent(org, "stripe:orders:*");
    Claims claims = world.claims(agent, "stripe:orders:read").build();
    String token = world.sign(claims);
    assertThat(found("action", presenting(agent, token))).containsExactly("read");
    assertThat(found("resource", presenting(agent, token))).containsExactly("*");
    assertThat(found("action", presenting(world.agent(org, "stripe:orders:*"), token))).isEmpty();
    assertThat(found("action", presenting(agent, "no token"))).isEmpty();

    world.revoke(org, RevocationKind.TOKEN, claims.jti(), false);

    eventually(() -> assertThat(found("action", presenting(agent, token))).isEmpty());
    assertThat(found("resource", presenting(agent, token))).isEmpty();
    assertThat(found("action", subject(agent.id()))).contains("read", "write");
  }

  private List<String> found(String sought, Map<String, Object> subject) {
    Response answer =
        post(
            "/access/v1/search/" + sought,
            sought.equals("action")
                ? Map.of("subject", subject, "resource", resource("42"))
                : question(subject, "read", Map.of("type", "stripe:orders")));
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    return answer.path(sought.equals("action") ? "results.name" : "results.id");
  }

  private static Map<String, Object> presenting(IdentityState agent, String token) {
    return Map.of("type", "agent", "id", agent.id(), "properties", Map.of("token", token));
  }

  @Test
  void answersOurOwnSearches() {
    IdentityState parent = world.agent(org, "stripe:orders:read", "stripe:orders:write:#1");
    IdentityState child = world.agent(org, parent, "stripe:orders:*");
    Map<String, Object> whichIdentities = Map.of("scope", "stripe:orders:write:#1");
    eventually(
        () ->
            assertThat(
                    post("/v1/search/identities", whichIdentities)
                        .<List<String>>path("data.identityId"))
                .containsExactlyInAnyOrder(parent.id(), child.id()));
    assertThat(
            post("/v1/search/scopes", Map.of("identity_id", child.id()))
                .<List<String>>path("data.scope"))
        .containsExactly("stripe:orders:read", "stripe:orders:write:#1");
    Response agents =
        post("/v1/search/agents", Map.of("resource", "stripe:orders:#1", "type", "agent"));
    assertThat(
            agents.<List<String>>path(
                "data.find { it.identityId == '" + child.id() + "' }.actions"))
        .containsExactly("read", "write");
    assertThat(post("/v1/search/scopes", Map.of("identityId", "agent_none")).statusCode())
        .isEqualTo(404);
    String token = post("/v1/search/identities", Map.of("scope", "a:b:c", "limit", 0)).asString();
    assertThat(token).contains("/limit");
    assertThat(
            post("/v1/search/identities", Map.of("scope", "a:b:c", "cursor", "AAAA")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void searchesFindNothingOfAnotherOrganisation() {
    String elsewhere = world.id(IdPrefix.ORGANIZATION);
    IdentityState stranger = world.agent(elsewhere, "*");
    assertThat(
            post("/v1/search/identities", Map.of("scope", "a:b:c"))
                .<List<String>>path("data.identityId"))
        .doesNotContain(stranger.id());
    assertThat(post("/v1/search/scopes", Map.of("identityId", stranger.id())).statusCode())
        .isEqualTo(404);
  }

  @Test
  void publishesItsMetadata() {
    Response metadata = given().get("/.well-known/authzen-configuration");
    assertThat(metadata.statusCode()).isEqualTo(200);
    assertThat(metadata.header("Cache-Control")).contains("max-age");
    assertThat(metadata.<Map<String, String>>path(""))
        .containsEntry("policy_decision_point", World.ISSUER)
        .containsEntry("access_evaluation_endpoint", World.ISSUER + "/access/v1/evaluation")
        .hasSize(6);
  }

  @Test
  void refusesACallerWithoutCredentialsByAMessage() {
    Response refused =
        given().contentType(ContentType.JSON).body("{}").post("/access/v1/evaluation");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate"))
        .startsWith("Bearer")
        .contains("/.well-known/oauth-protected-resource");
    assertThat(refused.asString()).startsWith("\"missing_authorization");
  }

  @Test
  void challengesWhoPresentsATokenAsBoundInThatScheme() {
    Response refused =
        given()
            .header("Authorization", "DPoP x.y.z")
            .contentType(ContentType.JSON)
            .body("{}")
            .post("/access/v1/evaluation");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate"))
        .startsWith("DPoP")
        .contains("error=\"invalid_token\"", "algs=");
  }
}
