package dev.relayauth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import dev.relayauth.audit.adapter.postgres.Retention;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class RemovalTest {
  private final Fixture fixture = new Fixture();

  @Inject Retention retention;
  @Inject Transactions transactions;

  @Test
  void anEpochStaysAsLongAsAnyoneMayKeepItsRecords() {
    lastSeen("over", 3_652);
    lastSeen("kept", 3_649);

    retention.run();

    List<String> left =
        transactions.read(
            tx ->
                tx.query(
                    "select service from audit_epoch where node = ?",
                    row -> row.getString(1),
                    fixture.org));
    assertThat(left).containsExactly("kept");
  }

  private void lastSeen(String service, int daysAgo) {
    Instant at = Instant.now().minus(Duration.ofDays(daysAgo));
    transactions.write(
        tx ->
            tx.update(
                """
                insert into audit_epoch (source, id, service, node, started_at, records, highest,
                  last_seen_at) values (?, ?, ?, ?, ?, 0, 0, ?)
                """,
                fixture.org + service,
                fixture.org + service,
                service,
                fixture.org,
                at,
                at));
  }

  private void keep(int days) {
    Instant now = Instant.now();
    OrganizationState state =
        new OrganizationState(
            fixture.org,
            "test",
            null,
            "EdDSA",
            new OrganizationSettings(null, null, null, days, null, null, null, null),
            now,
            now,
            fixture.world.sequence());
    fixture.world.publish(
        Topics.IDENTITY,
        EntityKind.ORGANIZATION.key(fixture.org, fixture.org),
        "organization",
        fixture.org,
        state.revision(),
        Json.write(state));
  }

  private AuditRecord daysAgo(int days) {
    AuditRecord base = fixture.entry("role.created", Result.allowed, "agent_a");
    return fixture.logged(
        new AuditRecord(
            base.id(),
            base.action(),
            base.identityId(),
            base.orgId(),
            base.workspaceId(),
            base.plane(),
            base.resource(),
            base.result(),
            base.sponsorId(),
            base.sponsorChain(),
            base.metadata(),
            base.ip(),
            base.userAgent(),
            base.requestId(),
            base.traceId(),
            base.tokenId(),
            base.timestamp().minus(Duration.ofDays(days))));
  }

  private int status(AuditRecord entry) {
    return fixture.auditor().get("/v1/audit/" + entry.id()).statusCode();
  }

  @Test
  void recordsGoWhenTheirTimeIsOverAndTheLogSaysSo() {
    Fixture other = new Fixture();
    AuditRecord old = daysAgo(20);
    AuditRecord young = daysAgo(5);
    keep(10);

    await()
        .untilAsserted(
            () -> {
              retention.run();
              assertThat(status(old)).isEqualTo(404);
            });

    assertThat(status(young)).isEqualTo(200);
    await().until(() -> fixture.ids(Map.of("action", "organization.audit_expired")).size() == 1);
    assertThat(other.ids(Map.of("action", "organization.audit_expired"))).isEmpty();
    fixture.auditor().get("/v1/audit/" + young.id() + "/proof").then().statusCode(200);
  }

  @Test
  void whoSaysNothingKeepsRecordsForNinetyDays() {
    AuditRecord old = daysAgo(93);
    AuditRecord young = daysAgo(88);

    await()
        .untilAsserted(
            () -> {
              retention.run();
              assertThat(status(old)).isEqualTo(404);
            });

    assertThat(status(young)).isEqualTo(200);
  }

  @Test
  void deadLettersAreReplayedByTheOperatorAlone() {
    fixture.publish(fixture.org, "no record".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    AuditRecord lost = fixture.entry("role.updated", Result.allowed, "agent_a");
    fixture.world.publish(
        "relayauth.dead-letter.v1",
        fixture.org,
        "audit",
        fixture.org,
        fixture.world.sequence(),
        Json.write(lost));

    fixture.auditor().post("/v1/audit/dead-letters/replay").then().statusCode(403);
    RestAssured.given()
        .header("x-api-key", fixture.world.platformKey())
        .post("/v1/audit/dead-letters/replay")
        .then()
        .statusCode(200)
        .body("replayed", greaterThanOrEqualTo(1));

    fixture.awaitLogged(lost);
  }
}
