package dev.relayauth.audit;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.World;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An organisation of its own, with an auditor's key and a topic to write to. */
final class Fixture {
  static final Instant NOON = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);

  final World world = World.get();
  final String org;
  final String key;
  private final AtomicInteger seconds = new AtomicInteger();

  Fixture() {
    this(World.get().id(IdPrefix.ORGANIZATION));
  }

  Fixture(String org) {
    this.org = org;
    this.key =
        world.apiKey(org, "relayauth:audit:read", "relayauth:stats:read", "relayauth:audit:manage");
  }

  RequestSpecification auditor() {
    return given().header("x-api-key", key).contentType(ContentType.JSON);
  }

  Response list(Map<String, ?> query) {
    return auditor().queryParams(query).get("/v1/audit");
  }

  /** Ids of a page of records made by the tests; uses of the key itself are on record too. */
  List<String> ids(Map<String, ?> query) {
    return list(query).then().statusCode(200).extract().path("entries.id");
  }

  AuditRecord entry(String action, Result result, @Nullable String identity) {
    Instant at = NOON.plusMillis(seconds.getAndIncrement());
    List<String> chain = identity == null ? List.of() : List.of("user_jane", identity);
    return new AuditRecord(
        world.id(IdPrefix.AUDIT),
        action,
        identity,
        org,
        "ws_prod",
        "stripe",
        "orders",
        result,
        identity == null ? null : "user_jane",
        chain,
        Map.of("actorId", "ak_test"),
        "192.0.2.1",
        "test",
        "req_test",
        null,
        "tok_test",
        at);
  }

  /** Publishes a record, and returns once the log has it. */
  AuditRecord logged(AuditRecord entry) {
    publish(entry);
    awaitLogged(entry);
    return entry;
  }

  void publish(AuditRecord entry) {
    publish(entry.orgId(), Json.write(entry));
  }

  void publish(String messageKey, byte @Nullable [] value) {
    world.publish("relayauth.audit.v1", messageKey, "audit", messageKey, world.sequence(), value);
  }

  void awaitLogged(AuditRecord entry) {
    await().until(() -> auditor().get("/v1/audit/" + entry.id()).statusCode() == 200);
  }

  AuditRecord with(AuditRecord base, Map<String, String> metadata, @Nullable String sponsor) {
    return new AuditRecord(
        world.id(IdPrefix.AUDIT),
        base.action(),
        base.identityId(),
        base.orgId(),
        base.workspaceId(),
        base.plane(),
        base.resource(),
        base.result(),
        sponsor,
        base.sponsorChain(),
        metadata,
        base.ip(),
        base.userAgent(),
        base.requestId(),
        base.traceId(),
        base.tokenId(),
        base.timestamp());
  }
}
