package dev.relayauth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revision.Revision;
import dev.relayauth.common.revision.RevisionCodec;
import dev.relayauth.testing.Peers.Call;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One YAML that owns the setup. The policy service's routes answer from a map here. */
@QuarkusTest
class ConfigurationTest extends IdentityTestBase {
  private static final String SETUP =
      """
      sponsors:
        - id: user_ops
          name: Operations
      roles:
        - name: order-reader
          scopes: ["stripe:orders:read"]
      identities:
        - name: child
          sponsor: parent
          scopes: ["stripe:orders:read"]
        - name: parent
          sponsor: user_ops
          scopes: ["stripe:orders:*"]
          roles: [order-reader]
          metadata: {team: billing}
      budgets:
        - identity: parent
          maxCostPerDay: 12.50
      policies:
        - name: no-refunds
          effect: deny
          scopes: ["stripe:refunds:create"]
          priority: 10
          identity: parent
      """;

  @Inject RelayAuthConfig config;

  private final Map<String, Map<String, Object>> rules = new ConcurrentHashMap<>();

  @BeforeEach
  void answerForThePolicyService() {
    world.peers().on("/v1/roles", call -> answer("/v1/roles", IdPrefix.ROLE, call));
    world.peers().on("/v1/policies", call -> answer("/v1/policies", IdPrefix.POLICY, call));
    world
        .peers()
        .on(
            "/internal/v1/roles/resolve",
            call ->
                Map.of(
                    "roles",
                    rules.values().stream()
                        .filter(rule -> call.body().contains(String.valueOf(rule.get("id"))))
                        .toList()));
  }

  @Test
  void showsEveryChangeBeforeAnythingChanges() {
    plan(SETUP)
        .statusCode(200)
        .body("applied", equalTo(false))
        .body("summary.create", equalTo(6))
        .body("changes[2].name", equalTo("parent"))
        .body("changes[3].name", equalTo("child"))
        .body("changes[3].diff.scopes.to[0]", equalTo("stripe:orders:read"));
    as(adminKey).get("/v1/identities").then().body("data", hasSize(0));
    assertThat(rules).isEmpty();
  }

  @Test
  void appliesOnceAndChangesNothingTheSecondTime() {
    apply(SETUP).statusCode(200).body("applied", equalTo(true)).body("summary.create", equalTo(6));
    as(adminKey)
        .get("/v1/identities?name=parent")
        .then()
        .body("data[0].sponsorId", equalTo("user_ops"))
        .body("data[0].metadata.team", equalTo("billing"))
        .body("data[0].roles", hasSize(1))
        .body("data[0].budget.maxCostPerDay", equalTo(12.5f));
    as(adminKey).get("/v1/identities?name=child").then().body("data[0].sponsorChain", hasSize(3));
    for (ValidatableResponse again : List.of(plan(SETUP), apply(SETUP))) {
      again
          .statusCode(200)
          .body("summary.unchanged", equalTo(6))
          .body("summary.create", equalTo(0))
          .body("summary.update", equalTo(0));
    }
  }

  @Test
  void answersWithTheRevisionOfAllThatItWroteAlsoWhenItStopsOnTheWay() {
    Revision made = revision(apply(SETUP).statusCode(200));
    long identity = made.sequences().getOrDefault("identity", 0L);
    assertThat(identity).isPositive();
    assertThat(revision(apply(SETUP).statusCode(200)).sequences()).containsEntry("identity", 0L);
    String half =
        """
        sponsors: [{id: user_late, name: Late}]
        identities: [{name: stray, sponsor: user_nobody}]
        """;

    ValidatableResponse stopped = apply(half);

    stopped.body("applied", hasSize(1));
    assertThat(revision(stopped).sequences().get("identity")).isGreaterThan(identity);
  }

  private Revision revision(ValidatableResponse answer) {
    return new RevisionCodec(Base64.getUrlDecoder().decode(config.revisionKey()))
        .decode(answer.extract().header("Relay-Revision"))
        .orElseThrow();
  }

  @Test
  void updatesOnlyWhatDiffers() {
    apply(SETUP).statusCode(200);
    String changed =
        SETUP
            .replace("{team: billing}", "{team: payments}")
            .replace("12.50", "10")
            .replace("priority: 10", "priority: 20")
            .replace("roles: [order-reader]", "roles: []");
    apply(changed)
        .statusCode(200)
        .body("summary.update", equalTo(3))
        .body("changes.find { it.kind == 'budget' }.diff.maxCostPerDay.to", equalTo(10));
    as(adminKey)
        .get("/v1/identities?name=parent")
        .then()
        .body("data[0].metadata.team", equalTo("payments"))
        .body("data[0].roles", hasSize(0))
        .body("data[0].budget.maxCostPerDay", equalTo(10));
    apply(changed).body("summary.unchanged", equalTo(6));
  }

  @Test
  void prunesWhatAnEarlierConfigurationHasMadeAndNothingElse() {
    apply(SETUP).statusCode(200);
    agent("by-hand", "user_jane", "stripe:orders:read");
    String less =
        """
        sponsors: []
        roles: []
        identities: []
        policies: []
        """;
    plan(less).body("summary.delete", equalTo(0));
    given(adminKey).body(less).post("/v1/config:apply?prune=true").then().statusCode(400);
    given(adminKey)
        .header("X-Confirm-Delete", "true")
        .body(less)
        .post("/v1/config:apply?prune=true")
        .then()
        .statusCode(200)
        .body("summary.delete", equalTo(5));
    as(adminKey).get("/v1/identities").then().body("data.name", equalTo(List.of("by-hand")));
    as(adminKey).get("/v1/sponsors/user_ops").then().body("status", equalTo("offboarded"));
    assertThat(rules).isEmpty();
  }

  @Test
  void appliesNothingThatTheCallerLacks() {
    String narrow = key("narrow", "relayauth:identity:manage", "stripe:orders:read");
    String wide =
        """
        identities:
          - name: greedy
            sponsor: user_jane
            scopes: ["stripe:orders:read", "stripe:refunds:create"]
        """;
    for (String verb : List.of("plan", "apply")) {
      given(narrow)
          .body(wide)
          .post("/v1/config:" + verb)
          .then()
          .statusCode(403)
          .body("code", equalTo("scope_escalation"))
          .body("required", equalTo("stripe:refunds:create"));
      given(narrow)
          .body("roles: [{name: order-reader, scopes: ['stripe:orders:read']}]")
          .post("/v1/config:" + verb)
          .then()
          .statusCode(403)
          .body("code", equalTo("insufficient_scope"))
          .body("required", containsString("relayauth:role:"));
    }
    new Trail(world, org).await(entry -> entry.action().equals("scope.escalation_denied"));
    as(adminKey).get("/v1/identities").then().body("data", hasSize(0));
  }

  @Test
  void plansNoIdentityUnderASponsorThatIsNotThere() {
    String elsewhere = "user_" + world.id(IdPrefix.ORGANIZATION);
    String foreign = world.id(IdPrefix.ORGANIZATION);
    String foreignKey =
        io.restassured.RestAssured.given()
            .header("x-api-key", world.platformKey())
            .contentType("application/json")
            .body(Map.of("id", foreign, "name", "Other", "email", "owner@other.test"))
            .post("/v1/organizations")
            .then()
            .statusCode(201)
            .extract()
            .path("key");
    as(foreignKey)
        .body(Map.of("id", elsewhere, "name", "E"))
        .post("/v1/sponsors")
        .then()
        .statusCode(201);
    String under = "identities: [{name: lost, sponsor: %s}]";
    for (String sponsor : List.of(elsewhere, "user_nobody")) {
      plan(under.formatted(sponsor))
          .statusCode(400)
          .body("errors[0].pointer", equalTo("/sponsorId"));
    }
    plan(under.formatted("agent_nobody")).statusCode(404);
    plan(under.formatted("user_jane")).statusCode(200);
    plan("sponsors: [{id: user_coming, name: C}]\n" + under.formatted("user_coming"))
        .statusCode(200);
    plan("identities: [{name: lost, sponsor: above}, {name: above, sponsor: user_jane}]")
        .statusCode(200);
    as(adminKey).get("/v1/identities").then().body("data", hasSize(0));
  }

  @Test
  void saysHowFarItGotWhenSomethingIsRefused() {
    String doubtful =
        """
        identities:
          - {name: first, sponsor: user_jane, scopes: ["stripe:orders:read"]}
          - {name: second, sponsor: user_nobody}
        """;
    apply(doubtful)
        .statusCode(400)
        .body("applied", hasSize(1))
        .body("failed", equalTo("identity second"));
    apply(doubtful.replace("user_nobody", "user_jane"))
        .statusCode(200)
        .body("summary.unchanged", equalTo(1))
        .body("summary.create", equalTo(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "just text",
        "[]",
        "{}",
        "identities: {a: 1}",
        "identities: [{sponsor: user_jane}]",
        "identities: [{name: a, sponsor: user_jane}, {name: a, sponsor: user_jane}]",
        "identities: [{name: a, sponsor: b}, {name: b, sponsor: a}]",
        "identities: [{name: a, sponsor: user_jane, scopez: ['*']}]",
        "identities: [{name: 5, sponsor: user_jane}]",
        "identities: [{name: a, sponsor: user_jane, scopes: ['nope']}]",
        "identities: [{name: a, sponsor: user_jane, roles: [no-such-role]}]",
        "identities: [{name: a, name: b, sponsor: user_jane}]",
        "identities: [{name: \"a\\u0000\", sponsor: user_jane}]",
        "identities: [{name: &x a, sponsor: user_jane}, null]",
        "budgets: [{identity: nobody, maxActionsPerHour: 5}]",
        "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]",
        "identities: [[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]",
        "identities: [{name: !!java.net.URL [\"http://x\"], sponsor: user_jane}]",
        "%YAML 1.9\n---\n\t- x"
      })
  void refusesWhatIsNoConfiguration(String yaml) {
    apply(yaml).statusCode(400).contentType("application/problem+json");
    as(adminKey).get("/v1/identities").then().body("data", hasSize(0));
  }

  @Test
  void keepsASponsorForGood() {
    apply("identities: [{name: bound, sponsor: user_jane}]").statusCode(200);
    apply("sponsors: [{id: user_new, name: New}]\nidentities: [{name: bound, sponsor: user_new}]")
        .statusCode(409);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "roles: [{name: X_, scopes: [\"a:b:c\"]}]|/roles/0/name",
        "roles: [{name: relayauth-admin, scopes: [\"a:b:c\"]}]|/roles/0/name",
        "policies: [{name: xxx, effect: maybe, scopes: [\"a:b:c\"]}]|/policies/0/effect",
        "policies: [{name: xxx, effect: deny, priority: 1001}]|/policies/0/priority"
      })
  void plansNothingThatApplyWouldRefuse(String yaml, String pointer) {
    plan(yaml).statusCode(400).body("errors.pointer", hasItem(pointer));
  }

  private ValidatableResponse plan(String yaml) {
    return given(adminKey).body(yaml).post("/v1/config:plan").then();
  }

  private ValidatableResponse apply(String yaml) {
    return given(adminKey).body(yaml).post("/v1/config:apply").then();
  }

  private static io.restassured.specification.RequestSpecification given(String key) {
    return io.restassured.RestAssured.given()
        .urlEncodingEnabled(false)
        .header("x-api-key", key)
        .contentType("application/yaml")
        .config(
            io.restassured.RestAssured.config()
                .encoderConfig(
                    io.restassured.config.EncoderConfig.encoderConfig()
                        .encodeContentTypeAs(
                            "application/yaml", io.restassured.http.ContentType.TEXT)));
  }

  private Object answer(String path, IdPrefix prefix, Call call) {
    String id =
        call.path().length() > path.length() ? call.path().substring(path.length() + 1) : "";
    return switch (call.method()) {
      case "GET" -> {
        List<Object> found = new ArrayList<>();
        rules.values().stream()
            .filter(rule -> String.valueOf(rule.get("id")).startsWith(prefix.text()))
            .forEach(found::add);
        yield Map.of("data", found);
      }
      case "DELETE" -> {
        rules.remove(id);
        yield Map.of();
      }
      default -> {
        String key = id.isEmpty() ? world.id(prefix) : id;
        Map<String, Object> rule = new HashMap<>(rules.getOrDefault(key, Map.of()));
        Map<?, ?> sent = Json.read(call.body().getBytes(StandardCharsets.UTF_8), Map.class);
        sent.forEach((member, value) -> rule.put(String.valueOf(member), value));
        rule.put("id", key);
        rule.put("orgId", org);
        rule.put("builtIn", false);
        rule.put("deleted", false);
        rule.put("revision", 1);
        rule.put("createdAt", Instant.now().toString());
        rule.put("updatedAt", Instant.now().toString());
        rules.put(key, rule);
        yield rule;
      }
    };
  }
}
