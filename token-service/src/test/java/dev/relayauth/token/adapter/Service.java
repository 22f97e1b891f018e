package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.World;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The service under test in one fresh organisation, with an admin's key. */
final class Service {
  final World world = World.get();
  final String org = world.id(IdPrefix.ORGANIZATION);
  final String admin = apiKey("*");

  private Service() {}

  /** A new API key of the organisation. */
  String apiKey(String... scopes) {
    return Keys.make(org, ApiKeyState.Kind.api_key, null, null, List.of(scopes)).key();
  }

  /** A fresh organisation, once the service is ready. */
  static Service ready() {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> given().get("/q/health/ready").statusCode() == 200);
    Keys.serve(World.get());
    return new Service();
  }

  RequestSpecification as(String key) {
    return given().header("x-api-key", key).contentType(ContentType.JSON);
  }

  ValidatableResponse issue(String key, Map<String, ?> body) {
    return as(key).body(body).post("/v1/tokens").then();
  }

  /** An issue by the bearer of a token. */
  static ValidatableResponse issueBy(String bearer, Map<String, ?> body) {
    return given()
        .auth()
        .oauth2(bearer)
        .contentType(ContentType.JSON)
        .body(body)
        .post("/v1/tokens")
        .then();
  }

  ValidatableResponse issue(IdentityState agent) {
    return issue(admin, Map.of("identityId", agent.id()));
  }

  JsonPath pair(IdentityState agent, Object... members) {
    Map<String, Object> body = new HashMap<>(Map.of("identityId", agent.id()));
    for (int i = 0; i < members.length; i += 2) {
      body.put((String) members[i], members[i + 1]);
    }
    return issue(admin, body).statusCode(201).extract().jsonPath();
  }

  /** Whether a token is good, as introspection tells the admin. */
  boolean active(String token) {
    return !as(admin)
        .queryParam("token", token)
        .get("/v1/tokens/introspect")
        .asString()
        .equals("null");
  }

  ValidatableResponse refresh(String token) {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("refreshToken", token))
        .post("/v1/tokens/refresh")
        .then();
  }

  /** An active agent with other scopes, status or mode, published as the next revision. */
  IdentityState change(
      IdentityState s, IdentityState.Status status, boolean issuerScoped, String... scopes) {
    return world.publish(
        new IdentityState(
            s.orgId(),
            s.id(),
            s.name(),
            s.type(),
            status,
            s.workspaceId(),
            s.sponsorId(),
            s.sponsorChain(),
            Arrays.asList(scopes),
            List.of(),
            issuerScoped,
            s.metadata(),
            null,
            null,
            null,
            null,
            s.createdAt(),
            Instant.now(),
            world.sequence()));
  }

  /** The same agent with a role, published as the next revision. */
  IdentityState withRole(IdentityState s, String role) {
    return world.publish(
        new IdentityState(
            s.orgId(),
            s.id(),
            s.name(),
            s.type(),
            s.status(),
            s.workspaceId(),
            s.sponsorId(),
            s.sponsorChain(),
            s.scopes(),
            List.of(role),
            false,
            s.metadata(),
            null,
            null,
            null,
            null,
            s.createdAt(),
            Instant.now(),
            world.sequence()));
  }

  /** An active human of the organisation under a parent, or under {@code user_jane}. */
  IdentityState human(@Nullable IdentityState parent, String... scopes) {
    String id = world.id(IdPrefix.IDENTITY);
    List<String> above = parent == null ? List.of("user_jane") : parent.sponsorChain();
    List<String> chain = new ArrayList<>(above);
    chain.add(id);
    return world.publish(
        new IdentityState(
            org,
            id,
            "human-" + id,
            IdentityState.Type.human,
            IdentityState.Status.active,
            "ws_prod",
            above.getLast(),
            chain,
            Arrays.asList(scopes),
            List.of(),
            false,
            Map.of(),
            null,
            null,
            null,
            null,
            Instant.now(),
            Instant.now(),
            world.sequence()));
  }

  IdentityState issuerScoped() {
    return change(world.agent(org), IdentityState.Status.active, true);
  }

  static Map<String, Object> claims(String token) {
    String payload = token.split("\\.")[1];
    return JsonPath.from(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8))
        .getMap("");
  }

  static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }
}
