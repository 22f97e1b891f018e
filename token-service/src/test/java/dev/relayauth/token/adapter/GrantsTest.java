package dev.relayauth.token.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class GrantsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  @Test
  void issuesWhatARoleGrantsAsSoonAsTheRoleIsKnown() {
    String role = service.world.id(IdPrefix.ROLE);
    IdentityState agent = service.withRole(service.world.agent(service.org), role);

    service.issue(agent).statusCode(403).body("code", equalTo("insufficient_scope"));
    publishRole(role, false, "stripe:orders:read");

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                service
                    .issue(agent)
                    .statusCode(201)
                    .body("scopes", contains("stripe:orders:read")));
    publishRole(role, true, "stripe:orders:read");
    await().atMost(PATIENCE).untilAsserted(() -> service.issue(agent).statusCode(403));
  }

  @Test
  void refusesWhatAPolicyDeniesUntilThePolicyIsGone() {
    IdentityState agent = service.world.agent(service.org, "stripe:orders:*");
    Map<String, Object> body =
        Map.of("identityId", agent.id(), "scopes", List.of("stripe:orders:read"));
    String policy = service.world.id(IdPrefix.POLICY);

    publishDeny(policy, false, List.of());

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                service
                    .issue(service.admin, body)
                    .statusCode(403)
                    .body("code", equalTo("insufficient_scope"))
                    .body("required", equalTo("stripe:orders:read")));
    publishDeny(policy, true, List.of());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> service.issue(service.admin, body).statusCode(201));
  }

  @Test
  void refusesWhatAPolicyDeniesWhoIssuesIt() {
    IdentityState agent = service.world.agent(service.org, "stripe:orders:*");
    IdentityState issuer = service.world.agent(service.org, "*");
    Map<String, Object> body =
        Map.of("identityId", agent.id(), "scopes", List.of("stripe:orders:read"));
    String bearer =
        service
            .issue(service.admin, Map.of("identityId", issuer.id(), "scopes", List.of("*")))
            .statusCode(201)
            .extract()
            .path("accessToken");
    Service.issueBy(bearer, body).statusCode(201);

    publishDeny(service.world.id(IdPrefix.POLICY), issuer.id(), false, List.of());

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                Service.issueBy(bearer, body)
                    .statusCode(403)
                    .body("required", equalTo("stripe:orders:read")));
    service.issue(service.admin, body).statusCode(201);
  }

  @Test
  void givesAFamilyBackWhatAPolicyDeniedOnceThePolicyIsGone() {
    IdentityState agent = service.world.agent(service.org, "stripe:orders:read", "a:b:c");
    Refreshed family = new Refreshed(service.pair(agent).getString("refreshToken"));
    String policy = service.world.id(IdPrefix.POLICY);

    publishDeny(policy, false, List.of());
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(family.next()).containsOnly("a:b:c"));
    publishDeny(policy, true, List.of());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(family.next()).contains("stripe:orders:read", "a:b:c"));
  }

  /** A family, by the newest of its refresh tokens. */
  private final class Refreshed {
    private String token;

    Refreshed(String token) {
      this.token = token;
    }

    List<String> next() {
      JsonPath pair = service.refresh(token).statusCode(200).extract().jsonPath();
      token = pair.getString("refreshToken");
      return pair.getList("scopes");
    }
  }

  @Test
  void refusesWhatAConditionDeniesWhoIssuesOrActs() {
    IdentityState agent = service.world.agent(service.org, "stripe:orders:read", "a:b:c");
    IdentityState issuer = service.world.agent(service.org, "*");
    String bearer = service.pair(issuer).getString("accessToken");
    String key = OAuth.secret(issuer, "*").key();
    Keys.Made workspaceToken =
        Keys.make(
            service.org, ApiKeyState.Kind.workspace_token, issuer.id(), "ws_prod", List.of("*"));
    Map<String, Object> body =
        Map.of("identityId", agent.id(), "scopes", List.of("stripe:orders:read"));
    String refresh =
        Service.issueBy(bearer, Map.of("identityId", agent.id()))
            .statusCode(201)
            .extract()
            .path("refreshToken");
    String own = service.pair(agent).getString("accessToken");
    OAuth.exchange(own, bearer, "stripe:orders:read").statusCode(200);

    publishDeny(
        service.world.id(IdPrefix.POLICY),
        false,
        List.of(new PolicyState.Condition("identity", null, "in", List.of(issuer.id()))));

    await().atMost(PATIENCE).untilAsserted(() -> Service.issueBy(bearer, body).statusCode(403));
    service.issue(key, body).statusCode(403);
    service
        .as(workspaceToken.key())
        .body(Map.of("agentId", agent.id(), "scopes", List.of("stripe:orders:read")))
        .post("/v1/tokens/agent")
        .then()
        .statusCode(403);
    OAuth.exchange(own, bearer, "stripe:orders:read").statusCode(400);
    service.refresh(refresh).statusCode(200).body("scopes", contains("a:b:c"));
    service.issue(service.admin, body).statusCode(201);
  }

  @Test
  void leavesConditionalDenialsToAuthorize() {
    IdentityState agent = service.world.agent(service.org, "stripe:orders:read", "a:b:read");
    publishDeny(
        service.world.id(IdPrefix.POLICY),
        false,
        List.of(new PolicyState.Condition("ip", null, "eq", "10.0.0.1")));
    String seen = service.world.id(IdPrefix.POLICY);
    publishDeny(seen, false, List.of(), "a:b:read");

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                service
                    .issue(agent)
                    .statusCode(201)
                    .body("scopes", contains("stripe:orders:read")));
  }

  private void publishRole(String id, boolean deleted, String... scopes) {
    long revision = service.world.sequence();
    RoleState role =
        new RoleState(
            service.org,
            id,
            "reader",
            null,
            List.of(scopes),
            null,
            false,
            deleted,
            Instant.now(),
            Instant.now(),
            revision);
    service.world.publish(
        Topics.POLICY,
        EntityKind.ROLE.key(service.org, id),
        "role",
        id,
        revision,
        Json.write(role));
  }

  private void publishDeny(
      String id, boolean deleted, List<PolicyState.Condition> conditions, String... scopes) {
    publishDeny(id, null, deleted, conditions, scopes);
  }

  private void publishDeny(
      String id,
      @Nullable String identityId,
      boolean deleted,
      List<PolicyState.Condition> conditions,
      String... scopes) {
    long revision = service.world.sequence();
    PolicyState policy =
        new PolicyState(
            service.org,
            id,
            "no-orders",
            null,
            PolicyState.Effect.deny,
            scopes.length == 0 ? List.of("stripe:orders:read") : List.of(scopes),
            conditions,
            List.of(),
            0,
            null,
            identityId,
            deleted,
            Instant.now(),
            Instant.now(),
            revision);
    service.world.publish(
        Topics.POLICY,
        EntityKind.POLICY.key(service.org, id),
        "policy",
        id,
        revision,
        Json.write(policy));
  }
}
