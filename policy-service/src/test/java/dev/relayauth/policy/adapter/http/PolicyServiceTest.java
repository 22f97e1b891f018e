package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.testing.World;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;

/** A fresh organisation for each test, and the words to speak to the service. */
abstract class PolicyServiceTest {
  final World world = World.get();
  final String org = world.id(IdPrefix.ORGANIZATION);
  String admin = "";

  @BeforeEach
  void beginWithAnOrganisationAndAReadyService() {
    world
        .peers()
        .on(
            "/internal/v1/entities/",
            call -> call.path().endsWith("_missing") ? null : Map.of("exists", true));
    world.awaitReady();
    admin = world.apiKey(org, "*");
  }

  RequestSpecification as(String key) {
    return given().header("x-api-key", key).contentType(ContentType.JSON);
  }

  RequestSpecification asAdmin() {
    return as(admin);
  }

  Response post(String path, Object body) {
    return asAdmin().body(body).post(path);
  }

  /** Creates a role and returns its id. */
  String role(String name, String... scopes) {
    Response response = post("/v1/roles", Map.of("name", name, "scopes", Arrays.asList(scopes)));
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    return response.path("id");
  }

  /** Creates a policy and returns its id. */
  String policy(Map<String, ?> body) {
    Response response = post("/v1/policies", body);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    return response.path("id");
  }

  Response authorize(Map<String, ?> body) {
    Response response = post("/v1/authorize", body);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    return response;
  }

  Response authorize(IdentityState agent, String scope) {
    return authorize(Map.of("identityId", agent.id(), "scope", scope));
  }

  /** The identity with these roles, published. */
  IdentityState withRoles(IdentityState agent, String... roles) {
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
            List.of(roles),
            false,
            agent.metadata(),
            agent.budget(),
            agent.expiresAt(),
            agent.suspendedAt(),
            agent.suspendReason(),
            agent.createdAt(),
            agent.updatedAt(),
            world.sequence()));
  }

  /** The identity in another status, published. */
  IdentityState withStatus(IdentityState agent, IdentityState.Status status) {
    return world.publish(
        new IdentityState(
            agent.orgId(),
            agent.id(),
            agent.name(),
            agent.type(),
            status,
            agent.workspaceId(),
            agent.sponsorId(),
            agent.sponsorChain(),
            agent.scopes(),
            agent.roles(),
            agent.issuerScoped(),
            agent.metadata(),
            agent.budget(),
            agent.expiresAt(),
            agent.suspendedAt(),
            agent.suspendReason(),
            agent.createdAt(),
            agent.updatedAt(),
            world.sequence()));
  }

  /** Waits until what the world published counts here. */
  void eventually(Runnable assertion) {
    Awaitility.await().untilAsserted(assertion::run);
  }
}
