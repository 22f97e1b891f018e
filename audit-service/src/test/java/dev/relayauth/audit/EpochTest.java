package dev.relayauth.audit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.audit.adapter.postgres.EpochWatch;
import dev.relayauth.common.event.AuditEpoch.Phase;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.testing.LocalServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class EpochTest {
  private static final Instant START = Fixture.NOON.minusSeconds(60);

  private final Fixture fixture = new Fixture();
  private final List<Node> nodes = new ArrayList<>();

  @Inject EpochWatch watch;
  @Inject MeterRegistry metrics;

  @AfterEach
  void close() {
    nodes.forEach(Node::close);
  }

  @Test
  void anEpochIsClosedOnceAllThatItsNodeTookIsThere() {
    Node node = node(START);
    node.send(1, entry());
    node.send(3, entry());
    node.say(Phase.closed, 3, Instant.now());
    awaitState(node, "incomplete");

    node.send(2, entry());

    Map<String, Object> epoch = awaitState(node, "closed");
    assertThat(epoch)
        .containsEntry("service", "policy")
        .containsEntry("node", fixture.org)
        .containsEntry("records", 3)
        .containsEntry("highest", 3)
        .containsEntry("expected", 3)
        .containsEntry("missing", 0)
        .containsEntry("startedAt", START.toString())
        .containsEntry("openedAt", START.toString())
        .containsKeys("lastSeenAt", "closedAt");
  }

  @Test
  void anEpochThatLacksARecordIsIncompleteAndSaysHowMany() {
    Node node = node(START);
    for (long number : new long[] {1, 2, 5}) {
      node.send(number, entry());
    }
    node.say(Phase.closed, 6, Instant.now());

    assertThat(awaitState(node, "incomplete"))
        .containsEntry("records", 3)
        .containsEntry("missing", 3);
  }

  @Test
  void aBatchThatIsDeliveredAgainCountsOnce() {
    Node node = node(START);
    List<AuditRecord> sent = List.of(entry(), entry(), entry());
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < sent.size(); i++) {
        node.send(i + 1, sent.get(i));
      }
      node.say(Phase.closed, 4, Instant.now());
    }
    AuditRecord last = entry();
    node.send(4, last);
    fixture.awaitLogged(last);
    node.say(Phase.counted, 4, Instant.now());

    assertThat(awaitState(node, "closed")).containsEntry("records", 4).containsEntry("missing", 0);
  }

  @Test
  void anEpochIsUnclosedOnceItsNodeHasBegunAnew() {
    Node before = node(START);
    before.send(1, entry());
    before.send(2, entry());
    before.send(4, entry());
    before.say(Phase.counted, 3, Instant.now());
    assertThat(awaitRecords(before, 3)).containsEntry("state", "open").doesNotContainKey("missing");

    Node after = node(START.plusSeconds(1));
    after.say(Phase.counted, 0, Instant.now());

    assertThat(awaitState(before, "unclosed"))
        .containsEntry("missing", 1)
        .doesNotContainKeys("expected", "closedAt");
    assertThat(awaitState(after, "open")).containsEntry("records", 0);
  }

  @Test
  void anEpochIsUnclosedWhileItsNodeIsNotHeardOfThoughOthersAre() {
    Node node = node(START.minus(Duration.ofHours(1)));
    node.say(Phase.counted, 2, Instant.now().minus(Duration.ofMinutes(7)));
    Node other = new Node(fixture.world.bootstrap(), "other-" + fixture.org, START);
    nodes.add(other);
    other.say(Phase.counted, 0, Instant.now());
    assertThat(awaitState(node, "unclosed")).containsEntry("missing", 2);

    node.say(Phase.counted, 2, Instant.now());

    awaitState(node, "open");
  }

  @Test
  void aNodeOfAVersionThatKnowsNoEpochsIsNotJudged() {
    Node before = unopened(START);
    AuditRecord entry = entry();
    before.send(7, entry);
    Node after = node(START.plusSeconds(1));
    fixture.awaitLogged(entry);
    after.say(Phase.counted, 0, Instant.now());
    awaitState(after, "open");

    assertThat(find(before)).isEmpty();
  }

  @Test
  void theSumsOfTheLastDayAreMetrics() {
    Node node = node(START);
    node.say(Phase.closed, 41, Instant.now());
    awaitState(node, "incomplete");

    watch.look();

    assertThat(metrics.get("relayauth.audit.epochs").tag("state", "incomplete").gauge().value())
        .isPositive();
    assertThat(metrics.get("relayauth.audit.records.missing").gauge().value())
        .isGreaterThanOrEqualTo(41);
  }

  @Test
  void epochsAreTheOperatorsAlone() {
    given().get("/v1/audit/epochs").then().statusCode(401);
    fixture.auditor().get("/v1/audit/epochs").then().statusCode(403);
    operator().get("/v1/audit/epochs").then().statusCode(200);
    operator().get("/v1/audit/epochs?limit=0").then().statusCode(400);
    operator().get("/v1/audit/epochs?cursor=bm8").then().statusCode(400);
  }

  @Test
  void pagesAreNewestFirst() {
    Node older = unopened(Instant.now().plus(Duration.ofDays(9)));
    Node newer = unopened(Instant.now().plus(Duration.ofDays(9)).plusSeconds(1));
    for (Node node : List.of(older, newer)) {
      node.say(Phase.opened, 0, Instant.now());
      node.say(Phase.closed, 0, Instant.now());
    }
    awaitState(older, "closed");
    awaitState(newer, "closed");

    String cursor =
        operator()
            .get("/v1/audit/epochs?limit=1")
            .then()
            .body("data.size()", equalTo(1))
            .body("data[0].source", equalTo(newer.source()))
            .extract()
            .path("cursor");
    operator()
        .queryParam("cursor", cursor)
        .get("/v1/audit/epochs?limit=1")
        .then()
        .body("data[0].source", equalTo(older.source()));
  }

  @Test
  void whatIsNoReportGoesToTheDeadLettersAndHoldsNothingUp() {
    Node node = node(START);
    node.say(Phase.closed, -1, Instant.now());
    node.say(Phase.closed, 0, Instant.now().plus(Duration.ofDays(9)));
    node.say(Phase.closed, 0, Instant.now());

    assertThat(awaitState(node, "closed")).containsEntry("expected", 0);
  }

  private Node node(Instant startedAt) {
    Node node = unopened(startedAt);
    node.say(Phase.opened, 0, startedAt);
    return node;
  }

  private Node unopened(Instant startedAt) {
    Node node = new Node(fixture.world.bootstrap(), fixture.org, startedAt);
    nodes.add(node);
    return node;
  }

  private AuditRecord entry() {
    return fixture.entry("scope.checked", Result.allowed, "agent_a");
  }

  private Map<String, Object> awaitState(Node node, String state) {
    return await().until(() -> find(node), found -> state.equals(found.get("state")));
  }

  private Map<String, Object> awaitRecords(Node node, int records) {
    return await()
        .until(() -> find(node), found -> Integer.valueOf(records).equals(found.get("records")));
  }

  private Map<String, Object> find(Node node) {
    List<Map<String, Object>> epochs =
        operator().get("/v1/audit/epochs?limit=200").then().statusCode(200).extract().path("data");
    return epochs.stream()
        .filter(epoch -> node.source().equals(epoch.get("source")))
        .findFirst()
        .orElse(Map.of());
  }

  private RequestSpecification operator() {
    return given().header("x-api-key", fixture.world.platformKey());
  }
}
