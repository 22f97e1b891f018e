package dev.relayauth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.revocation.RevocationKind;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ApiKeyTest extends IdentityTestBase {
  @Test
  void saysWhenAKeyWasLastUsed() {
    JsonPath made = make("used");
    assertThat(made.<Object>get("apiKey.lastUsedAt")).isNull();
    Instant before = Instant.now().minusSeconds(1);
    as(made.getString("key")).get("/v1/identities").then().statusCode(200);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              String at =
                  as(adminKey)
                      .get("/v1/api-keys")
                      .then()
                      .extract()
                      .path(
                          "data.find { it.id == '%s' }.lastUsedAt"
                              .formatted(made.getString("apiKey.id")));
              assertThat(at).isNotNull();
              assertThat(Instant.parse(at)).isBetween(before, Instant.now().plusSeconds(1));
            });
  }

  @Test
  void rotatesAKeyThatGoesOnForTheOverlap() {
    JsonPath old = make("turning");
    JsonPath fresh =
        as(adminKey)
            .body(Map.of("overlapSeconds", 3600))
            .post("/v1/api-keys/{id}/rotate", old.getString("apiKey.id"))
            .then()
            .statusCode(201)
            .body("apiKey.name", equalTo("turning"))
            .body("apiKey.scopes[0]", equalTo("relayauth:identity:read"))
            .body("apiKey.revoked", equalTo(false))
            .body("previous.id", equalTo(old.getString("apiKey.id")))
            .body("previous.expiresAt", notNullValue())
            .extract()
            .jsonPath();
    assertThat(fresh.getString("previous.replacedBy")).isEqualTo(fresh.getString("apiKey.id"));
    assertThat(fresh.getString("key")).isNotEqualTo(old.getString("key"));
    as(fresh.getString("key")).get("/v1/identities").then().statusCode(200);
    as(old.getString("key")).get("/v1/identities").then().statusCode(200);
    as(adminKey)
        .post("/v1/api-keys/{id}/rotate", old.getString("apiKey.id"))
        .then()
        .statusCode(409);
  }

  @Test
  void endsARotatedKeyAfterItsOverlap() {
    JsonPath old = make("ending");
    as(adminKey)
        .body(Map.of("overlapSeconds", "0s"))
        .post("/v1/api-keys/{id}/rotate", old.getString("apiKey.id"))
        .then()
        .statusCode(201);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> as(old.getString("key")).get("/v1/identities").then().statusCode(401));
    List<AuditRecord> trail =
        new Trail(world, org).await(entry -> entry.action().equals("api_key.rotated"));
    assertThat(trail)
        .filteredOn(entry -> entry.action().startsWith("api_key."))
        .allSatisfy(entry -> assertThat(entry.sponsorChain().getFirst()).startsWith("user_"));
  }

  @Test
  void rotatesNothingThatTheCallerDoesNotHold() {
    JsonPath old = make("strong");
    String narrow = key("narrow", "relayauth:api-key:manage");
    as(narrow)
        .post("/v1/api-keys/{id}/rotate", old.getString("apiKey.id"))
        .then()
        .statusCode(403)
        .body("code", equalTo("scope_escalation"));
    as(adminKey).post("/v1/api-keys/ak_none/rotate").then().statusCode(404);
    for (Object overlap : List.of(-1, 2_592_001, "1x", 1.5, true)) {
      as(adminKey)
          .body(Map.of("overlapSeconds", overlap))
          .post("/v1/api-keys/{id}/rotate", old.getString("apiKey.id"))
          .then()
          .statusCode(400);
    }
    as(adminKey)
        .get("/v1/api-keys")
        .then()
        .body("data.find { it.name == 'strong' }.expiresAt", nullValue());
  }

  @Test
  void tracesEveryLineToAHuman() {
    as(adminKey).body(Map.of("name", "Lab")).post("/v1/workspaces").then().statusCode(201);
    as(adminKey).body(Map.of("email", "j@acme.test")).patch("/v1/sponsors/user_jane");
    as(adminKey).body(Map.of("name", "Acme 2")).patch("/v1/organizations/" + org);
    as(world.platformKey()).body(Map.of("name", "Acme 3")).patch("/v1/organizations/" + org);
    List<AuditRecord> trail =
        new Trail(world, org)
            .await(
                entry ->
                    entry.action().equals("organization.updated")
                        && "platform".equals(entry.metadata().get("actorId")));
    assertThat(trail)
        .extracting(AuditRecord::action)
        .contains(
            "organization.created", "sponsor.created", "workspace.created", "sponsor.updated");
    assertThat(trail)
        .allSatisfy(
            entry -> {
              assertThat(entry.sponsorChain()).as(entry.action()).isNotEmpty();
              assertThat(entry.sponsorChain().getFirst()).startsWith("user_");
              assertThat(entry.sponsorId()).isEqualTo(entry.sponsorChain().getFirst());
            });
  }

  @Test
  void aKeyThatAnAgentMadeIsTheAgentsOwnAndEndsWithIt() {
    String maker = agent("maker", "user_jane", "relayauth:*:*");
    String other = agent("other", "user_jane");
    String token = token(maker, List.of("user_jane", maker), "relayauth:*:*");
    Map<String, Object> wanted =
        Map.of("name", "made", "scopes", List.of("relayauth:identity:read"));
    JsonPath made =
        bearer(token)
            .body(wanted)
            .post("/v1/api-keys")
            .then()
            .statusCode(201)
            .body("apiKey.identityId", equalTo(maker))
            .extract()
            .jsonPath();
    as(made.getString("key")).get("/v1/identities").then().statusCode(200);
    Map<String, Object> foreign = new HashMap<>(wanted);
    foreign.put("identityId", other);
    bearer(token)
        .body(foreign)
        .post("/v1/api-keys")
        .then()
        .statusCode(403)
        .body("code", equalTo("scope_escalation"));
    world.revoke(org, RevocationKind.IDENTITY, maker, true);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> as(made.getString("key")).get("/v1/identities").then().statusCode(401));
  }

  private JsonPath make(String name) {
    return as(adminKey)
        .body(Map.of("name", name, "scopes", List.of("relayauth:identity:read")))
        .post("/v1/api-keys")
        .then()
        .statusCode(201)
        .extract()
        .jsonPath();
  }
}
