package dev.relayauth.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.IdentityState.Status;
import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.grant.EffectiveGrants;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.testing.Peers.Call;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds after any history, one request at a time or a hundred at once. */
@QuarkusTest
class HistoriesTest extends IdentityTestBase {
  private static final List<String> SCOPES =
      List.of("stripe:orders:read", "stripe:orders:*", "stripe:*:read", "github:repos:write", "*");
  private static final int STEPS = 60;

  /** A role of each scope, by its id. */
  private final Map<String, String> roles = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void keepsEveryIdentityWithinThoseAboveAndEveryTokenOfTheDeadDead(long seed) {
    world.peers().on("/internal/v1/revocations", this::revoke);
    Random random = new Random(seed);
    SCOPES.forEach(this::publishRole);
    List<String> ids = new ArrayList<>();
    Map<String, String> tokens = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      act(random, ids, tokens);
    }
    Map<String, IdentityState> all = export();
    for (IdentityState identity : all.values()) {
      List<IdentityState> chain = chain(all, identity);
      if (identity.status() == Status.active) {
        assertThat(chain).allMatch(above -> above.status() == Status.active);
        for (int i = 1; i < chain.size(); i++) {
          EffectiveGrants parent = effective(chain.subList(0, i));
          EffectiveGrants child = effective(chain.subList(0, i + 1));
          assertThat(child.scopes().isSubsetOf(parent.scopes())).as("seed %s", seed).isTrue();
        }
      } else {
        awaitDead(tokens.get(identity.id()));
      }
    }
    assertThat(all.values()).extracting(IdentityState::status).contains(Status.active);
  }

  @Test
  void makesALegalHistoryOfAHundredParallelTransitions() throws Exception {
    String id = agent("busy", "user_jane", "stripe:orders:read");
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      boolean suspend = i % 2 == 0;
      calls.add(
          () ->
              (suspend
                      ? as(adminKey)
                          .body(Map.of("reason", "x"))
                          .post("/v1/identities/{id}/suspend", id)
                      : as(adminKey).post("/v1/identities/{id}/reactivate", id))
                  .statusCode());
    }
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(20)) {
      for (Future<Integer> future : pool.invokeAll(calls)) {
        statuses.add(future.get());
      }
    }
    assertThat(statuses).allMatch(status -> status == 200 || status == 409);
    long changes = statuses.stream().filter(status -> status == 200).count();
    as(adminKey).body(Map.of("metadata", Map.of("end", "1"))).patch("/v1/identities/{id}", id);
    List<String> history =
        new Trail(world, org)
            .await(entry -> entry.action().equals("identity.updated")).stream()
                .map(AuditRecord::action)
                .filter(a -> a.equals("identity.suspended") || a.equals("identity.reactivated"))
                .toList();
    assertThat(history).hasSize((int) changes);
    for (int i = 0; i < history.size(); i++) {
      assertThat(history.get(i))
          .isEqualTo(i % 2 == 0 ? "identity.suspended" : "identity.reactivated");
    }
    as(adminKey)
        .get("/v1/identities/{id}", id)
        .then()
        .body("status", equalTo(changes % 2 == 0 ? "active" : "suspended"));
  }

  @Test
  void refusesToTamperWithAChain() {
    String parent = agent("parent", "user_jane", "stripe:orders:*");
    String child = agent("child", parent, "stripe:orders:read");
    // A circle, or another parent, can't even be asked for: a patch knows no such member.
    as(adminKey)
        .body(Map.of("sponsorId", child, "sponsorChain", List.of("user_evil", parent)))
        .patch("/v1/identities/{id}", parent)
        .then()
        .statusCode(400);
    as(adminKey)
        .body(Map.of("name", "renamed", "sponsorId", child, "sponsorChain", List.of("user_evil")))
        .patch("/v1/identities/{id}", parent)
        .then()
        .statusCode(200)
        .body("sponsorChain", equalTo(List.of("user_jane", parent)))
        .body("sponsorId", equalTo("user_jane"));
    String home = adminKey;
    foundOrganization();
    create(Map.of("name", "stranger", "sponsorId", parent))
        .statusCode(404)
        .body("code", equalTo("identity_not_found"));
    as(adminKey)
        .body(Map.of("name", "stranger"))
        .post("/v1/identities/{id}/sub-agents", parent)
        .then()
        .statusCode(404);
    as(home).get("/v1/identities").then().body("data", hasSize(2));
  }

  private void act(Random random, List<String> ids, Map<String, String> tokens) {
    String id = ids.isEmpty() ? "" : ids.get(random.nextInt(ids.size()));
    List<String> scopes = List.of(SCOPES.get(random.nextInt(SCOPES.size())));
    switch (ids.size() < 3 ? 0 : random.nextInt(12)) {
      case 0, 1, 2 -> {
        String sponsor = ids.isEmpty() || random.nextInt(4) == 0 ? "user_jane" : id;
        Map<String, Object> body = new HashMap<>();
        body.put("name", "n-" + world.id(IdPrefix.EVENT));
        body.put("sponsorId", sponsor);
        if (random.nextInt(6) > 0) {
          body.put("scopes", scopes);
        }
        var made = create(body).extract();
        assertThat(made.statusCode()).isIn(201, 400, 403);
        if (made.statusCode() == 201) {
          ids.add(made.path("id"));
          tokens.put(
              made.path("id"),
              token(made.path("id"), made.path("sponsorChain"), "relayauth:identity:read"));
        }
      }
      case 3, 4 -> patch(id, Map.of("scopes", scopes));
      case 5 -> changeRole(random, id);
      case 6 -> change(id, "suspend");
      case 7, 8 -> change(id, "reactivate");
      case 9, 10 -> changeRole(random, id);
      default -> {
        if (random.nextInt(3) == 0) {
          change(id, "retire");
        }
      }
    }
  }

  private void patch(String id, Map<String, Object> body) {
    assertThat(as(adminKey).body(body).patch("/v1/identities/{id}", id).statusCode())
        .isIn(200, 403, 409);
  }

  private void change(String id, String verb) {
    assertThat(
            as(adminKey)
                .body(Map.of("reason", "x"))
                .post("/v1/identities/{id}/{verb}", id, verb)
                .statusCode())
        .isIn(200, 409);
  }

  private void awaitDead(String token) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                given()
                        .header("Authorization", "Bearer " + token)
                        .get("/v1/identities")
                        .statusCode()
                    == 401);
  }

  private Map<String, IdentityState> export() {
    String text = plain(adminKey).get("/v1/identities:export").asString();
    Map<String, IdentityState> all = new HashMap<>();
    Arrays.stream(text.split("\n"))
        .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), IdentityState.class))
        .forEach(state -> all.put(state.id(), state));
    return all;
  }

  private static List<IdentityState> chain(Map<String, IdentityState> all, IdentityState identity) {
    List<String> ids = identity.sponsorChain();
    return ids.subList(1, ids.size()).stream().map(all::get).toList();
  }

  private EffectiveGrants effective(List<IdentityState> chain) {
    return EffectiveGrants.of(
        chain, (identity, role) -> List.of(roles.getOrDefault(role, "nobody:knows:it")));
  }

  private void publishRole(String scope) {
    RoleState role = publish(roleState(world.id(IdPrefix.ROLE), false, scope));
    roles.put(role.id(), scope);
  }

  private void changeRole(Random random, String id) {
    String role = roles.keySet().stream().sorted().toList().get(random.nextInt(roles.size()));
    int status =
        random.nextInt(3) > 0
            ? assign("POST", id, role, "role.assigned", roles.get(role)).extract().statusCode()
            : assign("DELETE", id, role, "role.removed").extract().statusCode();
    assertThat(status).isIn(200, 403, 404, 409);
  }

  /** The revocation service: it commits the entry, and it is on the topic when it answers. */
  private Object revoke(Call call) {
    Map<?, ?> body = Json.read(call.body().getBytes(StandardCharsets.UTF_8), Map.class);
    RevocationKind kind =
        Arrays.stream(RevocationKind.values())
            .filter(known -> known.wireName().equals(body.get("type")))
            .findFirst()
            .orElseThrow();
    boolean closed = Boolean.TRUE.equals(body.get("closed"));
    String target = String.valueOf(body.get("targetId"));
    long sequence = world.revoke(String.valueOf(body.get("orgId")), kind, target, closed);
    return new RevocationState(
        "rev_test",
        org,
        kind.wireName(),
        target,
        closed,
        null,
        null,
        Instant.now(),
        Instant.now().plus(Duration.ofDays(1)),
        sequence);
  }
}
