package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.token.adapter.postgres.KeyRefresh;
import dev.relayauth.token.domain.keys.KeyRing;
import dev.relayauth.token.domain.keys.KeyStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class KeyRemovalTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
    await()
        .until(
            () ->
                ring.keys().stream()
                    .filter(key -> key.key().algorithm() == SigningAlgorithm.EDDSA)
                    .anyMatch(key -> key.activatedAt() == null));
  }

  private final List<String> revoked = new CopyOnWriteArrayList<>();

  @Inject KeyStore store;
  @Inject KeyRefresh keys;
  @Inject KeyRing ring;

  private void revocations() {
    service
        .world
        .peers()
        .on(
            "/internal/v1/revocations",
            call -> ClientAssertionTest.revocation(call.body(), revoked));
  }

  private ValidatableResponse remove(String apiKey, String kid) {
    return service.as(apiKey).delete("/v1/keys/" + kid).then();
  }

  private static String kid(String token) {
    return (String) OAuth.header(token).get("kid");
  }

  private static List<String> published() {
    return given().get("/.well-known/jwks.json").path("keys.kid");
  }

  @Test
  void killsWhatAKeySignedAndSignsWithOneThatWasPublishedBefore() {
    revocations();
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    String before = service.pair(agent).getString("accessToken");
    String removed = kid(before);
    List<String> known = published();
    remove(service.admin, removed).statusCode(403);
    assertThat(service.active(before)).isTrue();

    remove(service.world.platformKey(), removed).statusCode(204);

    given().get("/.well-known/jwks.json").then().body("keys.kid", not(hasItem(removed)));
    assertThat(service.active(before)).isFalse();
    String after = service.pair(agent).getString("accessToken");
    assertThat(kid(after)).isNotEqualTo(removed).isIn(known);
    assertThat(service.active(after)).isTrue();
    assertThat(revoked).anyMatch(body -> body.contains(removed) && body.contains("true"));
    assertThat(
            AuditTopic.await(
                    e ->
                        e.record().action().equals("key.removed")
                            && removed.equals(e.record().metadata().get("kid")))
                .record()
                .orgId())
        .isEqualTo("platform");
    remove(service.world.platformKey(), removed).statusCode(404);
  }

  @Test
  void tellsTheBearerOfATokenThatARemovedKeySignedThatItIsRevoked() {
    revocations();
    IdentityState agent = service.world.agent(service.org, "relayauth:token:read");
    String token = service.pair(agent).getString("accessToken");
    sessions(token, agent).statusCode(200);

    remove(service.world.platformKey(), kid(token));

    await()
        .untilAsserted(
            () -> sessions(token, agent).statusCode(401).body("code", equalTo("token_revoked")));
  }

  private static ValidatableResponse sessions(String token, IdentityState agent) {
    return given()
        .auth()
        .oauth2(token)
        .queryParam("identityId", agent.id())
        .get("/v1/sessions")
        .then();
  }

  @Test
  void replacesAKeyThatIsRevokedByItsName() {
    revocations();
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    String active = kid(service.pair(agent).getString("accessToken"));

    service.world.revoke("", RevocationKind.KEY, active, true);

    await().untilAsserted(() -> assertThat(published()).doesNotContain(active));
    await()
        .untilAsserted(
            () ->
                assertThat(kid(service.pair(agent).getString("accessToken"))).isNotEqualTo(active));
  }

  @Test
  void leavesTheSessionsOfARemovedKeyAlone() {
    revocations();
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    var pair = service.pair(agent);

    remove(service.world.platformKey(), kid(pair.getString("accessToken"))).statusCode(204);

    String next =
        service
            .refresh(pair.getString("refreshToken"))
            .statusCode(200)
            .extract()
            .path("accessToken");
    assertThat(service.active(next)).isTrue();
  }

  @Test
  void hasTheRevocationSentAgainThatCouldNotBeSent() {
    service.world.peers().on("/internal/v1/revocations", call -> null);
    String removed =
        kid(service.pair(service.world.agent(service.org, "a:b:c")).getString("accessToken"));

    remove(service.world.platformKey(), removed)
        .statusCode(503)
        .body("code", equalTo("storage_unavailable"));
    assertThat(published()).doesNotContain(removed);
    revocations();

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(revoked).anyMatch(body -> body.contains(removed)));
  }

  @Test
  void rotatesOnScheduleOnceHoweverManyReplicasTry() throws Exception {
    keys.signer(SigningAlgorithm.ES256).get();
    Instant dueBefore = Instant.now();

    try (ExecutorService replicas = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> tries =
          IntStream.range(0, 4)
              .mapToObj(
                  i ->
                      replicas.submit(
                          () ->
                              store
                                  .rotate(
                                      SigningAlgorithm.ES256,
                                      Duration.ZERO,
                                      dueBefore,
                                      kid -> AuditDrafts.rotated(kid))
                                  .isPresent()))
              .toList();
      int rotated = 0;
      for (Future<Boolean> one : tries) {
        rotated += one.get() ? 1 : 0;
      }
      assertThat(rotated).isEqualTo(1);
    }
  }

  @Test
  void losesNoTokenToThreeRotationsAndARemovalUnderLoad() throws Exception {
    revocations();
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    Set<String> tokens = ConcurrentHashMap.newKeySet();
    List<String> unpublished = new CopyOnWriteArrayList<>();
    String victim;
    try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(
                  i ->
                      clients.submit(
                          () -> {
                            for (int n = 0; n < 40; n++) {
                              List<String> known = published();
                              String token = service.pair(agent).getString("accessToken");
                              tokens.add(token);
                              if (!known.contains(kid(token))) {
                                unpublished.add(token);
                              }
                            }
                          }))
              .toList();
      for (int i = 0; i < 3; i++) {
        service
            .as(service.world.platformKey())
            .body("{}")
            .post("/v1/keys/rotate")
            .then()
            .statusCode(201);
      }
      victim = kid(service.pair(agent).getString("accessToken"));
      remove(service.world.platformKey(), victim).statusCode(204);
      for (Future<?> one : running) {
        one.get();
      }
    }

    String removed = victim;
    assertThat(tokens).hasSize(160);
    assertThat(unpublished).isEmpty();
    assertThat(tokens)
        .allSatisfy(
            token -> assertThat(service.active(token)).isEqualTo(!kid(token).equals(removed)));
  }
}
