package dev.relayauth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Records of every kind as OCSF events: as its schema requires, and as our document says. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class OcsfTest {
  private static final Path DOCUMENT = Path.of("../docs/events/ocsf.md");

  /** What OCSF 1.3 requires of every event. */
  private static final List<String> REQUIRED =
      List.of(
          "/activity_id",
          "/category_uid",
          "/class_uid",
          "/type_uid",
          "/severity_id",
          "/time",
          "/metadata/version",
          "/metadata/product/vendor_name");

  /** What it requires of each class besides. */
  private static final Map<Integer, List<String>> BY_CLASS =
      Map.of(
          3001, List.of("/user/uid"),
          3002, List.of("/user/uid", "/service/name"),
          3004, List.of("/entity/uid"),
          3005, List.of("/user/uid", "/privileges/0"),
          6003, List.of("/actor/user/uid", "/api/operation", "/src_endpoint"));

  private final Fixture fixture = new Fixture();

  @Test
  void aDecisionSaysWhoOnWhoseBehalfWhatAndWhy() {
    AuditRecord decision =
        fixture.with(
            fixture.entry("scope.checked", Result.denied, "agent_a"),
            Map.of(
                "actorId", "ak_1",
                "scope", "stripe:orders:read",
                "reason", "implicit_deny",
                "decisionId", "dec_1",
                "policyRevision", "7",
                "sessionId", "sess_1",
                "dry", "true"),
            "user_jane");
    fixture.logged(decision);

    JsonNode event = event(decision.id());

    assertThat(event.at("/class_uid").asInt()).isEqualTo(6003);
    assertThat(event.at("/type_uid").asInt()).isEqualTo(600_399);
    assertThat(event.at("/severity_id").asInt()).isEqualTo(3);
    assertThat(event.at("/status_detail").asText()).isEqualTo("implicit_deny");
    assertThat(event.at("/actor/user/uid").asText()).isEqualTo("ak_1");
    assertThat(event.at("/actor/user/groups").findValuesAsText("uid"))
        .containsExactly("user_jane", "agent_a");
    assertThat(event.at("/actor/session/uid").asText()).isEqualTo("sess_1");
    assertThat(event.at("/api/operation").asText()).isEqualTo("stripe:orders:read");
    assertThat(event.at("/authorizations/0/policy/uid").asText()).isEqualTo("dec_1");
    assertThat(event.at("/unmapped/dry").asText()).isEqualTo("true");
    assertThat(event.at("/time").asLong()).isEqualTo(decision.timestamp().toEpochMilli());
  }

  @Test
  void everyKindOfRecordHasWhatItsClassRequires() throws IOException {
    for (Map.Entry<String, Integer> documented : classes().entrySet()) {
      String action = documented.getKey();
      AuditRecord row = fixture.logged(fixture.entry(action, Result.allowed, "agent_a"));

      JsonNode event = event(row.id());

      int uid = event.path("class_uid").asInt();
      assertThat(uid).as(action).isEqualTo(documented.getValue());
      assertThat(Stream.concat(REQUIRED.stream(), BY_CLASS.getOrDefault(uid, List.of()).stream()))
          .as(action)
          .noneMatch(member -> event.at(member).isMissingNode());
      assertThat(event.path("category_uid").asInt()).isEqualTo(uid / 1_000);
      assertThat(event.path("type_uid").asInt())
          .isEqualTo(uid * 100 + event.path("activity_id").asInt());
    }
  }

  /** The class of each action that the document names, and of some that it only covers. */
  private static Map<String, Integer> classes() throws IOException {
    Map<String, Integer> classes = new TreeMap<>();
    Pattern.compile("(?m)^\\| (`.*?) \\| [^|]* \\| (\\d{4}) \\|")
        .matcher(Files.readString(DOCUMENT))
        .results()
        .forEach(
            row ->
                Pattern.compile("`([a-z_]+\\.[a-z_]+)`")
                    .matcher(row.group(1))
                    .results()
                    .forEach(name -> classes.put(name.group(1), Integer.valueOf(row.group(2)))));
    assertThat(classes).hasSizeGreaterThan(12);
    classes.putAll(
        Map.of(
            "scope.denied", 6003,
            "identity.updated", 3001,
            "policy.deleted", 3004,
            "budget.alert", 3004,
            "key.rotated", 3004));
    return classes;
  }

  private JsonNode event(String id) {
    Response export = fixture.auditor().body(Map.of("format", "ocsf")).post("/v1/audit/export");
    assertThat(export.statusCode()).isEqualTo(200);
    return export
        .asString()
        .lines()
        .map(OcsfTest::read)
        .filter(event -> event.at("/metadata/uid").asText().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode read(String line) {
    try {
      return Json.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }
}
