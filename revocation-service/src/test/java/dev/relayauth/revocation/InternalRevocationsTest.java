package dev.relayauth.revocation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.internal.ServiceTokens;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.adapter.postgres.Sweeper;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "revocation"))
class InternalRevocationsTest {
  private final Fixture fixture = new Fixture();

  @Inject ServiceTokens tokens;
  @Inject RevocationProjection projection;
  @Inject Transactions transactions;
  @Inject Sweeper sweeper;

  private Map<String, Object> order(String id, boolean closed) {
    Map<String, Object> order = new HashMap<>();
    order.put("orgId", fixture.org);
    order.put("type", "identity");
    order.put("targetId", id);
    order.put("closed", closed);
    order.put("reason", "test");
    order.put("actorId", "ak_test");
    order.put("eventId", fixture.world.id(IdPrefix.EVENT));
    order.put("sponsorChain", List.of("user_jane", id));
    return order;
  }

  private RevocationState write(Map<String, Object> order) {
    return given()
        .header("Authorization", "Bearer " + tokens.forCallee("revocation"))
        .contentType("application/json")
        .body(order)
        .post("/internal/v1/revocations")
        .then()
        .statusCode(200)
        .extract()
        .as(RevocationState.class);
  }

  private RevocationEntry applied(RevocationState state) {
    RevocationKind kind = RevocationKind.ofWireName(state.type()).orElseThrow();
    return await()
        .until(
            () -> projection.set().find(state.orgId(), kind, state.targetId()),
            found -> found.filter(entry -> entry.seq() >= state.revision()).isPresent())
        .orElseThrow();
  }

  @Test
  void answersWhetherATokenIsRevokedByWhatIsCommitted() {
    IdentityState agent = fixture.world.agent(fixture.org, "a:b:c");
    RevocationState entry = write(order(agent.id(), false));

    assertThat(isRevoked(fixture.org, "identity", agent.id(), entry.revision() - 1)).isTrue();
    assertThat(isRevoked(fixture.org, "identity", agent.id(), entry.revision())).isFalse();
    assertThat(isRevoked(fixture.org, "session", agent.id(), 0)).isFalse();
    assertThat(isRevoked("org_other", "identity", agent.id(), 0)).isFalse();

    write(order(agent.id(), true));
    assertThat(isRevoked(fixture.org, "identity", agent.id(), Long.MAX_VALUE)).isTrue();
  }

  private boolean isRevoked(String org, String kind, String id, long rev) {
    Map<String, Object> question =
        Map.of("orgId", org, "names", List.of(Map.of("kind", kind, "id", id)), "rev", rev);
    return given()
        .header("Authorization", "Bearer " + tokens.forCallee("revocation"))
        .contentType("application/json")
        .body(question)
        .post("/internal/v1/revocations/inquiry")
        .then()
        .statusCode(200)
        .extract()
        .path("revoked");
  }

  private long count(String sql, String parameter) {
    return transactions.read(tx -> tx.first(sql, row -> row.getLong(1), parameter)).orElseThrow();
  }

  @Test
  void theSameEventAgainChangesNothing() {
    Map<String, Object> order = order("agent_once", true);

    RevocationState first = write(order);
    RevocationState again = write(order);

    assertThat(again).isEqualTo(first);
    assertThat(count("select count(*) from revocation where org = ?", fixture.org)).isEqualTo(1);
  }

  @Test
  void theSameEventAtTheSameTimeIsCarriedOutOnce() throws Exception {
    Map<String, Object> order = order("agent_race", true);

    List<RevocationState> answers = parallel(8, i -> write(order));

    assertThat(answers.stream().distinct()).hasSize(1);
    assertThat(count("select count(*) from revocation where org = ?", fixture.org)).isEqualTo(1);
  }

  @Test
  void aReactivationOpensWhatASuspensionClosed() {
    assertThat(applied(write(order("agent_s", true))).closed()).isTrue();

    RevocationState opened = write(order("agent_s", false));

    assertThat(applied(opened).closed()).isFalse();
  }

  @Test
  void aRevocationFromOutsideLeavesASuspendedAgentClosed() {
    IdentityState agent = fixture.world.agent(fixture.org);
    RevocationState closed = write(order(agent.id(), true));

    fixture.revokeTokens(Map.of("identityId", agent.id())).statusCode(204);

    RevocationEntry entry =
        await()
            .until(
                () -> projection.set().find(fixture.org, RevocationKind.IDENTITY, agent.id()),
                found -> found.filter(e -> e.seq() > closed.revision()).isPresent())
            .orElseThrow();
    assertThat(entry.closed()).isTrue();
  }

  @Test
  void whatASuspensionReplacedIsNotTakenBack() {
    IdentityState agent = fixture.world.agent(fixture.org);
    String asked =
        fixture
            .revoke(Map.of("type", "identity", "id", agent.id()))
            .statusCode(201)
            .extract()
            .path("id");
    write(order(agent.id(), true));

    fixture.admin().delete("/v1/revocations/" + asked).then().statusCode(409);

    fixture.admin().get("/v1/revocations/" + asked).then().statusCode(200);
  }

  @Test
  void fiftyRevocationsAtOnceArriveInTheOrderOfTheirSequences() throws Exception {
    List<RevocationState> written =
        parallel(50, i -> write(order("agent_" + (i % 10), i % 2 == 0)));

    assertThat(written.stream().map(RevocationState::revision).distinct()).hasSize(50);
    written.forEach(this::applied);
    for (int i = 0; i < 10; i++) {
      String id = "agent_" + i;
      RevocationState last =
          written.stream()
              .filter(state -> state.targetId().equals(id))
              .max(java.util.Comparator.comparingLong(RevocationState::revision))
              .orElseThrow();
      RevocationEntry entry =
          projection.set().find(fixture.org, RevocationKind.IDENTITY, id).orElseThrow();
      assertThat(entry.seq()).isEqualTo(last.revision());
      assertThat(entry.closed()).isEqualTo(last.closed());
    }
    String current = "select count(*) from revocation where org = ? and current";
    assertThat(count(current, fixture.org)).isEqualTo(10);
  }

  @Test
  void anExpiredEntryLeavesTheTableAndEveryReader() {
    RevocationState state = write(order("agent_old", false));
    applied(state);
    transactions.write(
        tx ->
            tx.update(
                "update revocation set expires_at = now() - interval '1 s' where id = ?",
                state.id()));

    await().until(() -> sweeper.sweep() > 0);

    await()
        .until(
            () ->
                projection.set().find(fixture.org, RevocationKind.IDENTITY, "agent_old").isEmpty());
    assertThat(count("select count(*) from revocation where id = ?", state.id())).isZero();
  }

  @Test
  void theAuditRecordCommitsWithTheEntry() {
    try (AuditTopic topic = new AuditTopic(fixture.world.bootstrap())) {
      IdentityState agent = fixture.world.agent(fixture.org);
      fixture
          .revoke(Map.of("type", "identity", "id", agent.id(), "reason", "stolen"))
          .statusCode(201);

      var revoked =
          await().until(() -> topic.find(fixture.org, "token.revoked"), found -> found.isPresent());

      var auditRecord = revoked.orElseThrow();
      assertThat(auditRecord.identityId()).isEqualTo(agent.id());
      assertThat(auditRecord.sponsorChain()).isEqualTo(agent.sponsorChain());
      assertThat(auditRecord.metadata())
          .containsEntry("type", "identity")
          .containsEntry("id", agent.id())
          .containsEntry("reason", "stolen")
          .containsKey("actorId");
    }
  }

  @Test
  void theAuditRecordNamesTheRequestThatEntailedIt() {
    try (AuditTopic topic = new AuditTopic(fixture.world.bootstrap())) {
      Map<String, Object> order = order("agent_entailed", true);
      String trace = "0af7651916cd43dd8448eb211c80319c";
      order.put(
          "author",
          Map.of(
              "actorId",
              "ak_test",
              "ip",
              "203.0.113.9",
              "userAgent",
              "ops-cli/7",
              "requestId",
              "req_original",
              "traceparent",
              "00-" + trace + "-b7ad6b7169203331-01"));
      write(order);

      var revoked =
          await().until(() -> topic.find(fixture.org, "token.revoked"), found -> found.isPresent());

      var auditRecord = revoked.orElseThrow();
      assertThat(auditRecord.requestId()).isEqualTo("req_original");
      assertThat(auditRecord.userAgent()).isEqualTo("ops-cli/7");
      assertThat(auditRecord.ip()).isEqualTo("203.0.113.9");
      assertThat(auditRecord.traceId()).isEqualTo(trace);
      assertThat(auditRecord.metadata()).containsEntry("actorId", "ak_test");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"type", "targetId", "eventId", "orgId"})
  void anOrderThatLacksAMemberIs400(String member) {
    Map<String, Object> order = order("agent_x", true);
    order.remove(member);

    given()
        .header("Authorization", "Bearer " + tokens.forCallee("revocation"))
        .contentType("application/json")
        .body(order)
        .post("/internal/v1/revocations")
        .then()
        .statusCode(400);
  }

  @Test
  void noCredentialOfAClientOpensTheInternalRoute() {
    fixture
        .admin()
        .body(order("agent_x", true))
        .post("/internal/v1/revocations")
        .then()
        .statusCode(401)
        .body("code", equalTo("invalid_token"));
  }

  private static <T> List<T> parallel(int count, java.util.function.IntFunction<T> work)
      throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<T>> tasks =
          IntStream.range(0, count).mapToObj(i -> (Callable<T>) () -> work.apply(i)).toList();
      List<Future<T>> done = threads.invokeAll(tasks);
      return done.stream().map(Future::resultNow).toList();
    }
  }
}
