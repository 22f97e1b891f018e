package dev.relayauth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class AuditLogTest {
  private final Fixture fixture = new Fixture();

  @Test
  void anEntryReadsAsTheContractSays() {
    AuditRecord entry = fixture.logged(fixture.entry("token.issued", Result.allowed, "agent_a"));

    fixture
        .auditor()
        .get("/v1/audit/" + entry.id())
        .then()
        .statusCode(200)
        .body("id", equalTo(entry.id()))
        .body("action", equalTo("token.issued"))
        .body("identityId", equalTo("agent_a"))
        .body("orgId", equalTo(fixture.org))
        .body("workspaceId", equalTo("ws_prod"))
        .body("plane", equalTo("stripe"))
        .body("resource", equalTo("orders"))
        .body("result", equalTo("allowed"))
        .body("sponsorId", equalTo("user_jane"))
        .body("sponsorChain", contains("user_jane", "agent_a"))
        .body("metadata.actorId", equalTo("ak_test"))
        .body("ip", equalTo("192.0.2.1"))
        .body("userAgent", equalTo("test"))
        .body("requestId", equalTo("req_test"))
        .body("tokenId", equalTo("tok_test"))
        .body("timestamp", equalTo(entry.timestamp().toString()))
        .body("createdAt", notNullValue())
        .body("content", nullValue());
  }

  @Test
  void textOfAnyKindComesBackAsItWas() {
    Map<String, String> odd =
        Map.of("q", "\"quoted\" \\ back\tslash\r\nline {a,b} \\N é 😀", "empty", "");
    AuditRecord base = fixture.entry("role.created", Result.allowed, "agent_a");
    AuditRecord entry = fixture.logged(fixture.with(base, odd, "user_\"x\\y"));

    Response read = fixture.auditor().get("/v1/audit/" + entry.id());

    assertThat(read.<Map<String, String>>path("metadata")).isEqualTo(odd);
    assertThat(read.<String>path("sponsorId")).isEqualTo("user_\"x\\y");
  }

  @ParameterizedTest
  @CsvSource({
    "identityId, agent_two",
    "action, identity.suspended",
    "workspaceId, ws_two",
    "plane, slack",
    "result, denied",
    "sponsorId, user_two",
    "tokenId, tok_two"
  })
  void aFilterLetsThroughWhatMatchesItAlone(String filter, String value) {
    AuditRecord matching =
        new AuditRecord(
            fixture.world.id(IdPrefix.AUDIT),
            "identity.suspended",
            "agent_two",
            fixture.org,
            "ws_two",
            "slack",
            "channel",
            Result.denied,
            "user_two",
            List.of("user_two", "agent_two"),
            Map.of(),
            null,
            null,
            null,
            null,
            "tok_two",
            Fixture.NOON);
    fixture.logged(fixture.entry("token.issued", Result.allowed, "agent_one"));
    fixture.logged(matching);

    assertThat(fixture.ids(Map.of(filter, value))).containsExactly(matching.id());
  }

  @Test
  void fromIsTheFirstMomentAndToTheOneAfterTheLast() {
    AuditRecord first = fixture.logged(fixture.entry("role.created", Result.allowed, null));
    AuditRecord second = fixture.logged(fixture.entry("role.created", Result.allowed, null));

    Map<String, Object> range = new HashMap<>();
    range.put("action", "role.created");
    range.put("from", first.timestamp().toString());
    range.put("to", second.timestamp().toString());

    assertThat(fixture.ids(range)).containsExactly(first.id());
  }

  @Test
  void pagesAreNewestFirstWithoutGapsOrDuplicates() {
    List<String> made = new ArrayList<>();
    AuditRecord last = null;
    for (int i = 0; i < 25; i++) {
      last = fixture.entry("policy.updated", Result.allowed, "agent_a");
      made.addFirst(last.id());
      fixture.publish(last);
    }
    fixture.awaitLogged(last);

    List<String> read = new ArrayList<>();
    Map<String, Object> query = new HashMap<>(Map.of("action", "policy.updated", "limit", 7));
    boolean more = true;
    while (more) {
      Response page = fixture.list(query);
      read.addAll(page.path("entries.id"));
      more = page.path("hasMore");
      query.put("cursor", page.path("nextCursor"));
    }

    assertThat(read).isEqualTo(made);
  }

  @Test
  void aCursorOfAnotherFilterListOrTenantIs400() {
    fixture.publish(fixture.entry("policy.created", Result.allowed, "agent_a"));
    fixture.logged(fixture.entry("policy.created", Result.allowed, "agent_a"));
    String cursor = fixture.list(Map.of("action", "policy.created", "limit", 1)).path("nextCursor");
    Map<String, Object> query = Map.of("cursor", cursor, "limit", 1);

    assertThat(fixture.list(query).statusCode()).isEqualTo(400);
    assertThat(fixture.list(Map.of("cursor", cursor, "action", "policy.deleted")).statusCode())
        .isEqualTo(400);
    assertThat(
            new Fixture().list(Map.of("cursor", cursor, "action", "policy.created")).statusCode())
        .isEqualTo(400);
    fixture
        .auditor()
        .queryParam("cursor", cursor)
        .get("/v1/sessions/sess_x/timeline")
        .then()
        .statusCode(400);
    assertThat(fixture.list(Map.of("cursor", cursor, "action", "policy.created")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void anotherTenantSeesNothingOfIt() {
    AuditRecord entry = fixture.logged(fixture.entry("token.issued", Result.allowed, "agent_a"));
    Fixture other = new Fixture();

    other.auditor().get("/v1/audit/" + entry.id()).then().statusCode(404);
    assertThat(other.ids(Map.of("identityId", "agent_a"))).isEmpty();
    String exported =
        other
            .auditor()
            .body(Map.of("format", "ndjson", "identityId", "agent_a"))
            .post("/v1/audit/export")
            .asString();
    assertThat(exported).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=201",
        "limit=ten",
        "from=yesterday",
        "to=2026-13-01T00:00:00Z",
        "from=%2B999999999-12-31T23:59:59Z",
        "result=maybe",
        "cursor=nonsense",
        "cursor=MS4xLgA",
        "action=%00"
      })
  void aBadParameterIs400(String query) {
    fixture
        .auditor()
        .urlEncodingEnabled(false)
        .get("/v1/audit?" + query)
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aud_unknown", "aud_%00", "x", "..%2f"})
  void anUnknownEntryIs404(String id) {
    fixture.auditor().urlEncodingEnabled(false).get("/v1/audit/" + id).then().statusCode(404);
  }

  @Test
  void theLogNeedsItsScope() {
    String other = fixture.world.apiKey(fixture.org, "relayauth:identity:manage");

    for (String path : List.of("/v1/audit", "/v1/audit/aud_x", "/v1/stats")) {
      RestAssured.given().get(path).then().statusCode(401);
      RestAssured.given().header("x-api-key", other).get(path).then().statusCode(403);
    }
  }

  @Test
  void theUseOfAKeyOnOurOwnApiIsOnRecord() {
    fixture.auditor().get("/v1/stats").then().statusCode(200);

    org.awaitility.Awaitility.await()
        .until(() -> !fixture.ids(Map.of("action", "token.validated")).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "ndjson", "csv"})
  void anExportHasEveryEntryThatTheFiltersLetThrough(String format) {
    AuditRecord one = fixture.logged(fixture.entry("role.updated", Result.allowed, "agent_a"));
    AuditRecord two = fixture.logged(fixture.entry("role.updated", Result.allowed, "agent_a"));
    fixture.logged(fixture.entry("role.deleted", Result.allowed, "agent_a"));

    Response export =
        fixture
            .auditor()
            .body(Map.of("format", format, "action", "role.updated"))
            .post("/v1/audit/export");

    assertThat(export.statusCode()).isEqualTo(200);
    List<String> ids =
        switch (format) {
          case "json" -> export.path("id");
          case "ndjson" ->
              export
                  .asString()
                  .lines()
                  .map(line -> io.restassured.path.json.JsonPath.from(line).getString("id"))
                  .toList();
          default ->
              export.asString().lines().skip(1).map(l -> l.substring(1, l.indexOf("\","))).toList();
        };
    assertThat(ids).containsExactly(two.id(), one.id());
  }

  @Test
  void noCellOfACsvExportIsAFormula() {
    AuditRecord base = fixture.entry("role.created", Result.allowed, "agent_a");
    fixture.logged(fixture.with(base, Map.of(), "=cmd|'/c calc'!A1"));

    fixture
        .auditor()
        .body(Map.of("format", "csv", "action", "role.created"))
        .post("/v1/audit/export")
        .then()
        .statusCode(200)
        .contentType(containsString("text/csv"))
        .body(containsString("\"'=cmd|'/c calc'!A1\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"format\":\"xml\"}",
        "{\"format\":1}",
        "{\"format\":\"csv\",\"from\":\"x\"}",
        "["
      })
  void aBadExportIs400(String body) {
    fixture
        .auditor()
        .body(body)
        .post("/v1/audit/export")
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }
}
