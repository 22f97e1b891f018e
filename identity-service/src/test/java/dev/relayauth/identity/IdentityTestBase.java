package dev.relayauth.identity;

import static io.restassured.RestAssured.given;

import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.internal.ServiceTokens;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.token.ClaimsBuilder;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** A fresh organisation for each test, and the revocation service on the wire. */
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "identity"))
abstract class IdentityTestBase {
  @Inject ServiceTokens services;

  final World world = World.get();
  String org = "";
  String adminKey = "";

  @BeforeEach
  void foundOrganization() {
    world.peers().on("/internal/v1/revocations", IdentityTestBase::revoked);
    world.awaitReady();
    org = world.id(IdPrefix.ORGANIZATION);
    adminKey =
        given()
            .header("x-api-key", world.platformKey())
            .contentType(ContentType.JSON)
            .body(
                Map.of(
                    "id",
                    org,
                    "name",
                    "Acme",
                    "email",
                    "owner@acme.test",
                    "identityCreationsPerMinute",
                    100_000))
            .post("/v1/organizations")
            .then()
            .statusCode(201)
            .extract()
            .path("key");
    as(adminKey)
        .body(Map.of("id", "user_jane", "name", "Jane"))
        .post("/v1/sponsors")
        .then()
        .statusCode(201);
    as(adminKey)
        .body(Map.of("id", "ws_prod", "name", "Production"))
        .post("/v1/workspaces")
        .then()
        .statusCode(201);
  }

  static Object revoked(dev.relayauth.testing.Peers.Call call) {
    Map<?, ?> body = Json.read(call.body().getBytes(StandardCharsets.UTF_8), Map.class);
    return new RevocationState(
        "rev_test",
        String.valueOf(body.get("orgId")),
        String.valueOf(body.get("type")),
        String.valueOf(body.get("targetId")),
        Boolean.TRUE.equals(body.get("closed")),
        null,
        null,
        Instant.now(),
        Instant.now().plus(Duration.ofDays(1)),
        World.get().sequence());
  }

  static RequestSpecification as(String key) {
    return given().header("x-api-key", key).contentType(ContentType.JSON);
  }

  static RequestSpecification bearer(String token) {
    return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
  }

  ValidatableResponse create(Map<String, Object> body) {
    return as(adminKey).body(body).post("/v1/identities").then();
  }

  /** For paths with a colon, which REST Assured would encode. */
  static RequestSpecification plain(String key) {
    return as(key).urlEncodingEnabled(false);
  }

  String key(String name, String... scopes) {
    return as(adminKey)
        .body(Map.of("name", name, "scopes", scopes))
        .post("/v1/api-keys")
        .then()
        .statusCode(201)
        .extract()
        .path("key");
  }

  String agent(String name, String sponsor, String... scopes) {
    return create(Map.of("name", name, "sponsorId", sponsor, "scopes", scopes))
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** A bearer for an identity that the service knows. */
  String token(String id, List<String> chain, String... scopes) {
    return world.sign(claims(id, chain, scopes).build());
  }

  /** What such a bearer says. */
  ClaimsBuilder claims(String id, List<String> chain, String... scopes) {
    IdentityState bare =
        new IdentityState(
            org,
            id,
            "x",
            IdentityState.Type.agent,
            IdentityState.Status.active,
            "ws_prod",
            chain.get(chain.size() - 2),
            chain,
            List.of(),
            List.of(),
            false,
            Map.of(),
            null,
            null,
            null,
            null,
            Instant.now(),
            Instant.now(),
            0);
    return world.claims(bare, scopes);
  }

  RoleState roleState(String id, boolean deleted, String... scopes) {
    Instant now = Instant.now();
    return new RoleState(
        org,
        id,
        "billing",
        null,
        List.of(scopes),
        null,
        false,
        deleted,
        now,
        now,
        world.sequence());
  }

  RoleState publish(RoleState role) {
    world.publish(
        Topics.POLICY,
        EntityKind.ROLE.key(org, role.id()),
        "role",
        role.id(),
        role.revision(),
        Json.write(role));
    return role;
  }

  /** A role given or taken, as the policy service asks for it. */
  ValidatableResponse assign(
      String method, String id, String role, String action, String... scopes) {
    Map<String, Object> auditRecord =
        Map.of(
            "id",
            world.id(IdPrefix.AUDIT),
            "action",
            action,
            "identityId",
            id,
            "orgId",
            org,
            "result",
            "allowed",
            "sponsorChain",
            List.of("user_jane"),
            "metadata",
            Map.of("actorId", "ak_boss", "roleId", role),
            "ip",
            "192.0.2.7",
            "timestamp",
            Instant.now().toString());
    String path = "/internal/v1/identities/" + org + "/" + id + "/roles";
    return given()
        .header("Authorization", "Bearer " + services.forCallee("identity"))
        .contentType(ContentType.JSON)
        .body(Map.of("roleId", role, "scopes", scopes, "auditRecord", auditRecord))
        .request(method, method.equals("DELETE") ? path + "/" + role : path)
        .then();
  }
}
