package dev.relayauth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.credential.ApiKeyFormat;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.identity.adapter.postgres.ApiKeyChains;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A key that names an identity ends with everybody above that identity. */
@QuarkusTest
class ApiKeyChainTest extends IdentityTestBase {
  @Inject ApiKeyChains chains;

  private record Family(String top, String middle, String low, JsonPath key) {}

  @Test
  void fallsWithAnyAncestorAndComesBackWithIt() {
    Family family = family();
    for (String above : List.of(family.top(), family.middle(), family.low())) {
      await(family, 200);
      world.revoke(org, RevocationKind.IDENTITY, above, true);
      await(family, 401);
      world.revoke(org, RevocationKind.IDENTITY, above, false);
    }
    await(family, 200);
    world.revoke(org, RevocationKind.SPONSOR, "user_jane", true);
    await(family, 401);
  }

  @Test
  void fallsWithTheWorkspaceOfItsIdentity() throws SQLException {
    as(adminKey).body(Map.of("id", "ws_b", "name", "B")).post("/v1/workspaces");
    String agent =
        create(
                Map.of(
                    "name",
                    "b",
                    "sponsorId",
                    "user_jane",
                    "workspaceId",
                    "ws_b",
                    "scopes",
                    List.of("relayauth:identity:read")))
            .statusCode(201)
            .extract()
            .path("id");
    Family family = new Family(agent, agent, agent, keyOf(agent));
    stored(family).body("place", equalTo("ws_b"));
    update("sponsor_chain = null, place = null", family);
    assertThat(chains.traceSome()).isPositive();
    stored(family).body("place", equalTo("ws_b"));
    await(family, 200);

    world.revoke(org, RevocationKind.WORKSPACE, "ws_prod", false);
    await(family, 200);
    world.revoke(org, RevocationKind.WORKSPACE, "ws_b", false);

    await(family, 401);
  }

  @Test
  void carriesTheWholeChainAndTheHumanAboveIt() {
    Family family = family();
    stored(family)
        .body("sponsorId", equalTo("user_jane"))
        .body(
            "sponsorChain",
            equalTo(List.of("user_jane", family.top(), family.middle(), family.low())));
    String rotated =
        as(adminKey)
            .post("/v1/api-keys/{id}/rotate", family.key().getString("apiKey.id"))
            .then()
            .statusCode(201)
            .extract()
            .path("key");
    stored(rotated).body("sponsorChain.size()", equalTo(4));
  }

  @Test
  void refusesAnotherHumanThanTheOneAboveTheIdentity() {
    as(adminKey).body(Map.of("id", "user_bob", "name", "Bob")).post("/v1/sponsors");
    as(adminKey)
        .body(
            Map.of(
                "name",
                "k",
                "scopes",
                List.of("relayauth:identity:read"),
                "identityId",
                agent("bot", "user_jane", "relayauth:identity:read"),
                "sponsorId",
                "user_bob"))
        .post("/v1/api-keys")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/sponsorId"));
  }

  @Test
  void givesKeysFromBeforeChainsTheirsOnce() throws SQLException {
    Family family = family();
    update("sponsor_chain = null", family);
    stored(family).body("sponsorChain", equalTo(List.of("user_jane", family.low())));
    assertThat(chains.traceSome()).isPositive();
    stored(family)
        .body("sponsorChain.size()", equalTo(4))
        .body("sponsorChain[1]", equalTo(family.top()));
    assertThat(chains.traceSome()).isZero();
  }

  private void update(String columns, Family family) throws SQLException {
    try (var connection = DriverManager.getConnection(world.jdbcUrl(), "postgres", "postgres");
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          "update identity.api_key set %s where id = '%s'"
              .formatted(columns, family.key().getString("apiKey.id")));
    }
  }

  private Family family() {
    String top = agent("top", "user_jane", "relayauth:identity:read");
    String middle = agent("middle", top, "relayauth:identity:read");
    String low = agent("low", middle, "relayauth:identity:read");
    return new Family(top, middle, low, keyOf(low));
  }

  private JsonPath keyOf(String agent) {
    return as(adminKey)
        .body(
            Map.of(
                "name", "low", "scopes", List.of("relayauth:identity:read"), "identityId", agent))
        .post("/v1/api-keys")
        .then()
        .statusCode(201)
        .extract()
        .jsonPath();
  }

  private void await(Family family, int status) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () ->
                as(family.key().getString("key")).get("/v1/identities").then().statusCode(status));
  }

  private ValidatableResponse stored(Family family) {
    return stored(family.key().getString("key"));
  }

  /** The key as the other services ask for it. */
  private ValidatableResponse stored(String key) {
    return bearer(services.forCallee("identity"))
        .get("/internal/v1/api-keys/{hash}", ApiKeyFormat.hash(key))
        .then()
        .statusCode(200);
  }
}
