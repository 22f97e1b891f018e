package dev.relayauth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.hamcrest.Matchers.contains;

import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.Peers;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an identity loses, by its end, a patch or a role, is lost to all that was made of it. */
@QuarkusTest
class EndsAndNarrowingsTest extends IdentityTestBase {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final Set<String> revoked = ConcurrentHashMap.newKeySet();
  private final Map<String, Object> authors = new ConcurrentHashMap<>();
  private final Map<String, Object> initiators = new ConcurrentHashMap<>();

  @BeforeEach
  void noteRevocations() {
    world.peers().on("/internal/v1/revocations", this::note);
  }

  private Object note(Peers.Call call) {
    Map<?, ?> body = Json.read(call.body().getBytes(StandardCharsets.UTF_8), Map.class);
    boolean closed = Boolean.TRUE.equals(body.get("closed"));
    revoked.add(body.get("targetId") + (closed ? " closed" : " open"));
    initiators.put(String.valueOf(body.get("targetId")), String.valueOf(body.get("initiator")));
    Object author = body.get("author");
    if (author != null) {
      authors.put(String.valueOf(body.get("targetId")), author);
    }
    return new RevocationState(
        "rev_test",
        String.valueOf(body.get("orgId")),
        String.valueOf(body.get("type")),
        String.valueOf(body.get("targetId")),
        closed,
        null,
        null,
        Instant.now(),
        Instant.now().plus(Duration.ofDays(1)),
        world.sequence());
  }

  private RequestSpecification traced(String key) {
    return as(key)
        .header("X-Request-ID", "req_original")
        .header("User-Agent", "ops-cli/7")
        .header("X-Forwarded-For", "203.0.113.9")
        .header("traceparent", TRACE);
  }

  private void askedForBy(String target) {
    assertThat(authors.get(target))
        .asInstanceOf(MAP)
        .containsEntry("requestId", "req_original")
        .containsEntry("userAgent", "ops-cli/7")
        .containsEntry("ip", "203.0.113.9")
        .containsEntry("traceparent", TRACE)
        .containsKey("actorId");
  }

  @Test
  void aRevocationNamesTheRequestThatEntailedIt() {
    String id = agent("suspended", "user_jane", "stripe:*:*");
    String key =
        as(adminKey)
            .body(Map.of("name", "gone", "scopes", List.of("relayauth:audit:read")))
            .post("/v1/api-keys")
            .then()
            .statusCode(201)
            .extract()
            .path("apiKey.id");

    traced(adminKey)
        .body(Map.of("reason", "test"))
        .post("/v1/identities/" + id + "/suspend")
        .then()
        .statusCode(200);
    traced(adminKey).post("/v1/api-keys/" + key + "/revoke").then().statusCode(200);

    askedForBy(id);
    askedForBy(key);
    assertThat(initiators).containsEntry(id, "admin").containsEntry(key, "admin");
  }

  @Test
  void retiresAnIdentityAndItsTreeAtItsEnd() {
    String end = Instant.now().plusSeconds(2).toString();
    String id =
        create(
                Map.of(
                    "name",
                    "brief",
                    "sponsorId",
                    "user_jane",
                    "scopes",
                    List.of("stripe:*:*"),
                    "expiresAt",
                    end))
            .statusCode(201)
            .extract()
            .path("id");
    String child = agent("child", id, "stripe:orders:read");
    until(() -> status(id).equals("retired") && status(child).equals("retired"));
    until(() -> revoked.contains(id + " closed"));
    assertThat(initiators).containsEntry(id, "system");
    new Trail(world, org)
        .await(
            entry -> entry.action().equals("identity.retired") && child.equals(entry.identityId()));
    as(adminKey)
        .body(Map.of("expiresAt", "2060-01-01T00:00:00Z"))
        .patch("/v1/identities/" + id)
        .then()
        .statusCode(409);
  }

  @Test
  void takesFromAnIdentitysKeysWhatTheIdentityLoses() {
    String parent = agent("parent", "user_jane", "stripe:orders:*", "github:issues:read");
    String child = agent("child", parent, "stripe:orders:read");
    String ofParent = keyOf(parent, "stripe:orders:*", "relayauth:identity:read");
    String ofChild = keyOf(child, "stripe:orders:read", "github:issues:read");
    as(adminKey)
        .body(Map.of("scopes", List.of("stripe:orders:read", "stripe:orders:write")))
        .patch("/v1/identities/" + parent)
        .then()
        .statusCode(200);
    assertThat(initiators).containsEntry(parent, "admin");
    assertThat(scopesOf(ofParent))
        .containsExactlyInAnyOrder(
            "relayauth:identity:read", "stripe:orders:read", "stripe:orders:write");
    assertThat(scopesOf(ofChild)).containsExactly("stripe:orders:read");
    as(adminKey)
        .get("/v1/identities/" + parent)
        .then()
        .body("scopes", contains("stripe:orders:read", "stripe:orders:write"));
  }

  @Test
  void revokesTheTokensOfWhoeverHasARoleThatGivesLess() {
    RoleState role = publish(roleState(world.id(IdPrefix.ROLE), false, "stripe:*:read"));
    String[] holder = new String[1];
    until(
        () -> {
          JsonPath made =
              create(
                      Map.of(
                          "name", "holder", "sponsorId", "user_jane", "roles", List.of(role.id())))
                  .extract()
                  .jsonPath();
          holder[0] = made.getString("id");
          return holder[0] != null;
        });
    String key = keyOf(holder[0], "stripe:*:read", "relayauth:identity:read");
    publish(roleState(role.id(), false, "stripe:*:read", "github:*:read"));
    publish(roleState(role.id(), false, "github:*:read"));
    until(() -> revoked.contains(holder[0] + " open"));
    assertThat(initiators).containsEntry(holder[0], "admin");
    assertThat(status(holder[0])).isEqualTo("active");
    assertThat(scopesOf(key)).containsExactly("relayauth:identity:read");
  }

  private String keyOf(String identity, String... scopes) {
    return as(adminKey)
        .body(Map.of("name", "k", "scopes", scopes, "identityId", identity))
        .post("/v1/api-keys")
        .then()
        .statusCode(201)
        .extract()
        .path("apiKey.id");
  }

  private List<String> scopesOf(String key) {
    return as(adminKey)
        .get("/v1/api-keys?limit=200")
        .then()
        .extract()
        .path("data.find { it.id == '" + key + "' }.scopes");
  }

  private String status(String id) {
    return as(adminKey).get("/v1/identities/" + id).then().extract().path("status");
  }

  private static void until(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(condition);
  }
}
