package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.Peers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
class RefreshTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private final List<String> revocations = new CopyOnWriteArrayList<>();

  private IdentityState agent() {
    service
        .world
        .peers()
        .on(
            "/internal/v1/revocations",
            call -> {
              revocations.add(call.body());
              return Map.of();
            });
    return service.world.agent(service.org, "a:b:read", "a:b:write");
  }

  @Test
  void givesTheNextPairOfTheSameSession() {
    JsonPath first =
        service.pair(
            agent(), "scopes", List.of("a:b:read"), "ttl", "10m", "refreshTokenTtlSeconds", 7200);

    JsonPath next =
        service
            .refresh(first.getString("refreshToken"))
            .statusCode(200)
            .body("sessionId", equalTo(first.getString("sessionId")))
            .body("refreshToken", not(equalTo(first.getString("refreshToken"))))
            .body("scopes", contains("a:b:read"))
            .body("refreshTokenExpiresAt", equalTo(first.getString("refreshTokenExpiresAt")))
            .extract()
            .jsonPath();

    Map<String, Object> claims = Service.claims(next.getString("accessToken"));
    assertThat((int) claims.get("exp") - (int) claims.get("iat")).isEqualTo(600);
    service.refresh(next.getString("refreshToken")).statusCode(200);
  }

  @Test
  void givesAnHonestRetryTheSamePair() {
    String token = service.pair(agent()).getString("refreshToken");
    String first = service.refresh(token).statusCode(200).extract().asString();

    String again = service.refresh(token).statusCode(200).extract().asString();

    assertThat(again).isEqualTo(first);
  }

  @Test
  void givesTwentyConcurrentRefreshesOneResult() throws Exception {
    String token = service.pair(agent()).getString("refreshToken");
    try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
      List<Future<String>> answers =
          IntStream.range(0, 20)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> service.refresh(token).statusCode(200).extract().asString()))
              .toList();
      Set<String> distinct = new HashSet<>();
      for (Future<String> answer : answers) {
        distinct.add(answer.get());
      }

      assertThat(distinct).hasSize(1);
    }
  }

  @Test
  void killsTheFamilyOnAReplayAndHasItsAccessTokensRevoked() {
    IdentityState agent = agent();
    JsonPath first = service.pair(agent);
    String second = service.refresh(first.getString("refreshToken")).extract().path("refreshToken");
    String third = service.refresh(second).statusCode(200).extract().path("refreshToken");

    service
        .refresh(first.getString("refreshToken"))
        .statusCode(401)
        .body("code", equalTo("token_revoked"));

    service.refresh(third).statusCode(401).body("code", equalTo("token_revoked"));
    String sid = first.getString("sessionId");
    assertThat(revocations).filteredOn(body -> body.contains(sid)).hasSize(1);
    JsonPath order =
        JsonPath.from(revocations.stream().filter(b -> b.contains(sid)).findFirst().orElseThrow());
    assertThat(order.getString("type")).isEqualTo("session");
    assertThat(order.getString("orgId")).isEqualTo(service.org);
    assertThat(order.getBoolean("closed")).isTrue();
    assertThat(order.getString("actorId")).isEqualTo(agent.id());
    assertThat(order.getString("initiator")).isEqualTo("system");
    assertThat(order.getList("sponsorChain")).isEqualTo(agent.sponsorChain());
    AuditTopic.Entry entry =
        AuditTopic.await(
            e ->
                e.record().orgId().equals(service.org)
                    && e.record().action().equals("token.revoked"));
    assertThat(entry.record().metadata())
        .containsEntry("reason", "refresh_replay")
        .containsEntry("sessionId", sid);
  }

  @Test
  void sendsARevocationAgainThatCouldNotBeSent() {
    JsonPath first = service.pair(agent());
    String sid = first.getString("sessionId");
    List<String> sent = new CopyOnWriteArrayList<>();
    service
        .world
        .peers()
        .on(
            "/internal/v1/revocations",
            (Peers.Call call) -> {
              sent.add(call.body());
              return sent.stream().filter(body -> body.contains(sid)).count() < 2 ? null : Map.of();
            });
    String second = service.refresh(first.getString("refreshToken")).extract().path("refreshToken");
    service.refresh(second).statusCode(200);

    service.refresh(first.getString("refreshToken")).statusCode(401);

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(sent.stream().filter(body -> body.contains(sid)).toList())
                    .hasSize(2)
                    .allMatch(body -> body.equals(sent.getFirst()) || body.contains(sid)));
  }

  @Test
  void doesNotKnowATokenThatNobodyIssued() {
    service.refresh("rrt_" + "A".repeat(43)).statusCode(401).body("code", equalTo("invalid_token"));
    service.refresh("nonsense").statusCode(401).body("code", equalTo("invalid_token"));
  }

  @Test
  void takesNoRefreshTokenForABearer() {
    String token = service.pair(agent()).getString("refreshToken");

    given()
        .auth()
        .oauth2(token)
        .get("/v1/tokens/introspect?token=x")
        .then()
        .statusCode(401)
        .body("code", equalTo("invalid_token"));
  }

  @Test
  void expires() {
    String token = service.pair(agent(), "refreshTokenTtlSeconds", 1).getString("refreshToken");

    await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ofMillis(1100))
        .untilAsserted(
            () -> service.refresh(token).statusCode(401).body("code", equalTo("token_expired")));
  }

  @Test
  void diesWithItsSessionAndWithItsIdentity() {
    JsonPath bySession = service.pair(agent());
    IdentityState agent = agent();
    JsonPath byIdentity = service.pair(agent);

    service.world.revoke(
        service.org, RevocationKind.SESSION, bySession.getString("sessionId"), false);
    service.world.revoke(service.org, RevocationKind.IDENTITY, agent.id(), false);

    await()
        .untilAsserted(
            () ->
                service
                    .refresh(byIdentity.getString("refreshToken"))
                    .statusCode(401)
                    .body("code", equalTo("token_revoked")));
    service
        .refresh(bySession.getString("refreshToken"))
        .statusCode(401)
        .body("code", equalTo("token_revoked"));
  }

  @Test
  void keepsOnlyWhatTheIdentityStillHas() {
    IdentityState agent = agent();
    String token = service.pair(agent).getString("refreshToken");
    service.change(agent, IdentityState.Status.active, false, "a:b:read");
    await()
        .untilAsserted(
            () -> service.issue(agent).statusCode(201).body("scopes", contains("a:b:read")));

    String next =
        service
            .refresh(token)
            .statusCode(200)
            .body("scopes", contains("a:b:read"))
            .extract()
            .path("refreshToken");

    service.change(agent, IdentityState.Status.active, false, "a:b:read", "a:b:write");
    await().untilAsserted(() -> service.issue(agent).statusCode(201).body("scopes", hasSize(2)));
    service.refresh(next).statusCode(200).body("scopes", contains("a:b:read"));
  }
}
