package dev.relayauth.revocation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.internal.ServiceTokens;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revocation.Initiator;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared signals: streams, what is queued for them, and both deliveries. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "revocation"))
class SignalsTest {
  private static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
  private static final String PUSH = "urn:ietf:rfc:8935";
  private static final int RECEIVER = 18_935;

  private final Fixture fixture = new Fixture();

  @Inject ServiceTokens tokens;

  /** The token service signs by putting the claims into the place of a token. */
  @BeforeEach
  void signs() {
    fixture.world.awaitReady();
    fixture.world.peers().on("/internal/v1/security-events", call -> signed(call.body()));
  }

  private static Map<String, Object> signed(String body) {
    List<Map<String, Object>> events = JsonPath.from(body).getList("events");
    List<String> made =
        events.stream()
            .map(event -> new String(Json.write(event), StandardCharsets.UTF_8))
            .toList();
    return Map.of("tokens", made);
  }

  @Test
  void tellsReceiversWhereEverythingIs() {
    given()
        .get("/.well-known/ssf-configuration")
        .then()
        .statusCode(200)
        .body("issuer", equalTo(World.ISSUER))
        .body("jwks_uri", equalTo(World.ISSUER + "/.well-known/jwks.json"))
        .body("delivery_methods_supported", hasItems(PUSH, "urn:ietf:rfc:8936"))
        .body("configuration_endpoint", equalTo(World.ISSUER + "/ssf/v1/streams"));
  }

  @Test
  void managesStreamsOfTheOrganizationAlone() {
    Fixture other = new Fixture();
    String id = stream(Map.of("description", "first"));

    fixture
        .admin()
        .get("/ssf/v1/streams?stream_id=" + id)
        .then()
        .statusCode(200)
        .body("delivery.method", equalTo("urn:ietf:rfc:8936"))
        .body("aud", equalTo(List.of(fixture.org)))
        .body("events_delivered", hasItem(CAEP + "session-revoked"));
    other.admin().get("/ssf/v1/streams?stream_id=" + id).then().statusCode(404);
    other.admin().get("/ssf/v1/streams").then().body("stream_id", not(hasItem(id)));
    other.admin().body(Map.of()).post("/ssf/v1/poll/" + id).then().statusCode(404);
    other.admin().delete("/ssf/v1/streams?stream_id=" + id).then().statusCode(404);
    fixture
        .admin()
        .body(Map.of("stream_id", id, "events_requested", List.of(CAEP + "token-claims-change")))
        .patch("/ssf/v1/streams")
        .then()
        .statusCode(200)
        .body("description", equalTo("first"))
        .body("events_delivered", equalTo(List.of(CAEP + "token-claims-change")));
    fixture
        .admin()
        .body(Map.of("stream_id", id))
        .put("/ssf/v1/streams")
        .then()
        .statusCode(200)
        .body("description", equalTo(null))
        .body("events_requested", equalTo(null))
        .body("events_delivered.size()", equalTo(2));
    fixture.admin().delete("/ssf/v1/streams?stream_id=" + id).then().statusCode(204);
    fixture.admin().get("/ssf/v1/status?stream_id=" + id).then().statusCode(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:9/x",
        "http://localhost/x",
        "http://169.254.169.254/latest",
        "http://[::1]/x",
        "ftp://receiver.example.com/x",
        "http://user@receiver.example.com/x"
      })
  void pushesToNoPrivateAddress(String url) {
    fixture
        .admin()
        .body(Map.of("delivery", Map.of("method", PUSH, "endpoint_url", url)))
        .post("/ssf/v1/streams")
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }

  @Test
  void handsEventsToAReceiverThatPollsUntilItAcknowledgesThem() {
    String id = stream(Map.of());
    IdentityState agent = fixture.world.agent(fixture.org, "a:b:c");
    String token = fixture.world.id(IdPrefix.TOKEN);
    fixture.knowsToken(token, agent, fixture.world.id(IdPrefix.SESSION), 1);
    fixture.revoke(Map.of("type", "token", "id", token, "reason", "lost")).statusCode(201);
    fixture.revoke(Map.of("type", "identity", "id", agent.id())).statusCode(201);

    assertThat(poll(id, Map.of("maxEvents", 0)).getBoolean("moreAvailable")).isTrue();
    JsonPath first = poll(id, Map.of("returnImmediately", true, "maxEvents", 1));
    assertThat(first.getBoolean("moreAvailable")).isTrue();
    Map<String, String> sets = first.getMap("sets");
    JsonPath event = JsonPath.from(sets.values().iterator().next());
    assertThat(event.getString("sub_id.format")).isEqualTo("jwt_id");
    assertThat(event.getString("sub_id.jti")).isEqualTo(token);
    assertThat(event.getList("aud")).isEqualTo(List.of(fixture.org));
    assertThat(event.getMap("events").toString())
        .contains(CAEP + "session-revoked", "lost", "admin");
    assertThat(poll(id, Map.of("returnImmediately", true)).getMap("sets")).hasSize(2);

    JsonPath rest = poll(id, Map.of("returnImmediately", true, "ack", List.copyOf(sets.keySet())));
    assertThat(rest.getMap("sets")).hasSize(1);
    JsonPath second = JsonPath.from(rest.getMap("sets").values().iterator().next().toString());
    assertThat(second.getString("sub_id.user.sub")).isEqualTo(agent.id());
    assertThat(second.getString("sub_id.tenant.id")).isEqualTo(fixture.org);
    JsonPath none =
        poll(id, Map.of("maxEvents", 0, "ack", List.copyOf(rest.getMap("sets").keySet())));
    assertThat(none.getMap("sets")).isEmpty();
    assertThat(none.getBoolean("moreAvailable")).isFalse();
  }

  @Test
  void tellsOfKeysAsWhatTheyAreAndNotAsTokens() {
    String id = stream(Map.of());
    IdentityState agent = fixture.world.agent(fixture.org, "a:b:c");
    String key = fixture.world.id(IdPrefix.API_KEY);
    order(agent, Map.of("type", "credential", "targetId", key));
    String workspaceToken = fixture.world.id(IdPrefix.API_KEY);
    fixture.knowsEntity("workspace_token", workspaceToken);
    fixture.revoke(Map.of("type", "token", "id", workspaceToken)).statusCode(201);

    Map<String, String> sets = poll(id, Map.of("returnImmediately", true)).getMap("sets");

    assertThat(sets.values())
        .map(event -> JsonPath.from(event).<Map<String, String>>get("sub_id"))
        .containsExactly(
            Map.of("format", "opaque", "id", key),
            Map.of("format", "opaque", "id", workspaceToken));
  }

  @Test
  void waitsForAnEventWhenThePollMay() {
    String id = stream(Map.of());
    List<Map<String, ?>> answers = new ArrayList<>();
    Thread poller = Thread.ofVirtual().start(() -> answers.add(poll(id, Map.of()).getMap("sets")));
    verify(id, "hello");

    await().until(() -> !poller.isAlive());
    assertThat(answers.getFirst().values().toString()).contains("verification", "hello");
  }

  @Test
  void tellsOfNarrowedClaimsWithTheirNewValues() {
    String id = stream(Map.of("events_requested", List.of(CAEP + "token-claims-change")));
    IdentityState agent = fixture.world.agent(fixture.org, "a:b:read");
    fixture.revoke(Map.of("type", "identity", "id", agent.id())).statusCode(201);
    narrow(agent, false);

    Map<String, String> sets = poll(id, Map.of("returnImmediately", true)).getMap("sets");

    assertThat(sets).hasSize(1);
    assertThat(sets.values().toString()).contains("token-claims-change", "\"scope\":\"a:b:read\"");
  }

  @ParameterizedTest
  @EnumSource
  void saysWhoBroughtAnEntailedRevocationAbout(Initiator initiator) {
    String id = stream(Map.of());
    order(fixture.world.agent(fixture.org, "a:b:c"), Map.of("initiator", initiator.name()));

    Map<String, String> sets = poll(id, Map.of("returnImmediately", true)).getMap("sets");

    assertThat(sets.values())
        .singleElement()
        .asString()
        .contains("\"initiating_entity\":\"" + initiator + "\"");
  }

  @Test
  void saysThatAnAgentGaveItsOwnSessionUp() {
    String id = stream(Map.of());
    IdentityState agent = fixture.world.agent(fixture.org, "relayauth:token:manage");
    String session = fixture.world.id(IdPrefix.SESSION);
    fixture.knowsToken(fixture.world.id(IdPrefix.TOKEN), agent, session, 1);
    Fixture.bearer(fixture.world.token(agent, "relayauth:token:manage"))
        .contentType("application/json")
        .body(Map.of("type", "session", "id", session))
        .post("/v1/revocations")
        .then()
        .statusCode(201);

    assertThat(poll(id, Map.of("returnImmediately", true)).getMap("sets").values())
        .singleElement()
        .asString()
        .contains("\"initiating_entity\":\"user\"");
  }

  @Test
  void tellsAStreamThatAsksForNothingOfNothing() {
    String id = stream(Map.of("events_requested", List.of()));
    IdentityState agent = fixture.world.agent(fixture.org, "a:b:c");
    fixture.revoke(Map.of("type", "identity", "id", agent.id())).statusCode(201);

    assertThat(poll(id, Map.of("returnImmediately", true)).getMap("sets")).isEmpty();
    fixture
        .admin()
        .get("/ssf/v1/streams?stream_id=" + id)
        .then()
        .body("events_requested", equalTo(List.of()))
        .body("events_delivered", equalTo(List.of()));
    verify(id, "hello");
    assertThat(poll(id, Map.of("returnImmediately", true)).getMap("sets")).hasSize(1);
  }

  @Test
  void saysNothingOfAReactivation() {
    IdentityState agent = fixture.world.agent(fixture.org, "a:b:read");
    narrow(agent, true);
    String id = stream(Map.of());
    narrow(agent, false);

    assertThat(poll(id, Map.of("returnImmediately", true)).getMap("sets")).isEmpty();
  }

  @Test
  void keepsEventsOfAPausedStreamAndNoneOfADisabledOne() {
    String id = stream(Map.of());
    status(id, "paused");
    verify(id, "kept");
    assertThat(poll(id, Map.of("returnImmediately", true)).getMap("sets")).isEmpty();
    status(id, "enabled");
    assertThat(poll(id, Map.of("returnImmediately", true)).getMap("sets")).hasSize(1);

    status(id, "disabled");
    IdentityState agent = fixture.world.agent(fixture.org, "a:b:c");
    fixture.revoke(Map.of("type", "identity", "id", agent.id())).statusCode(201);
    status(id, "enabled");
    assertThat(poll(id, Map.of("returnImmediately", true)).getMap("sets")).isEmpty();
  }

  @Test
  void disablesAStreamWhoseQueueIsFullAndSaysSo() {
    String id = stream(Map.of());
    IdentityState agent = fixture.world.agent(fixture.org, "a:b:c");
    for (int i = 0; i < 21; i++) {
      fixture.revoke(Map.of("type", "identity", "id", agent.id())).statusCode(201);
    }

    fixture
        .admin()
        .get("/ssf/v1/status?stream_id=" + id)
        .then()
        .body("status", equalTo("disabled"))
        .body("reason", containsString("too many"));
    Map<String, String> sets = poll(id, Map.of("returnImmediately", true)).getMap("sets");
    assertThat(sets).hasSize(1);
    assertThat(sets.values().toString()).contains("stream-updated");
  }

  @Test
  void pushesInOrderAndAgainUntilTheReceiverTakesThem() throws IOException {
    Queue<String> received = new ConcurrentLinkedQueue<>();
    AtomicInteger refusals = new AtomicInteger(2);
    HttpServer receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", RECEIVER), 0);
    receiver.createContext("/", call -> take(call, refusals, received));
    receiver.start();
    try {
      String id =
          stream(
              Map.of(
                  "delivery",
                  Map.of(
                      "method",
                      PUSH,
                      "endpoint_url",
                      "http://127.0.0.1:" + RECEIVER + "/events",
                      "authorization_header",
                      "Bearer of-the-receiver")));
      for (int i = 0; i < 3; i++) {
        verify(id, "number " + i);
      }

      await().until(() -> received.size() >= 3);
      assertThat(received).hasSize(3);
      int number = 0;
      for (String each : received) {
        assertThat(each)
            .contains("number " + number++, "Bearer of-the-receiver", "application/secevent+jwt");
      }
    } finally {
      receiver.stop(0);
    }
  }

  private static void take(HttpExchange call, AtomicInteger refusals, Queue<String> received) {
    try (call) {
      boolean taken = refusals.getAndDecrement() <= 0;
      if (taken) {
        received.add(
            new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                + call.getRequestHeaders().getFirst("Authorization")
                + call.getRequestHeaders().getFirst("Content-Type"));
      }
      call.sendResponseHeaders(taken ? 202 : 503, -1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String stream(Map<String, ?> body) {
    return fixture
        .admin()
        .body(body)
        .post("/ssf/v1/streams")
        .then()
        .statusCode(201)
        .body("delivery.authorization_header", equalTo(null))
        .extract()
        .path("stream_id");
  }

  private JsonPath poll(String id, Map<String, ?> body) {
    return fixture
        .admin()
        .body(body)
        .post("/ssf/v1/poll/" + id)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private void verify(String id, String state) {
    fixture
        .admin()
        .body(Map.of("stream_id", id, "state", state))
        .post("/ssf/v1/verification")
        .then()
        .statusCode(204);
  }

  private void status(String id, String status) {
    fixture
        .admin()
        .body(Map.of("stream_id", id, "status", status))
        .post("/ssf/v1/status")
        .then()
        .statusCode(200);
  }

  private void narrow(IdentityState agent, boolean closed) {
    order(agent, Map.of("closed", closed));
  }

  private void order(IdentityState agent, Map<String, ?> members) {
    Map<String, Object> order =
        new HashMap<>(Map.of("orgId", fixture.org, "type", "identity", "targetId", agent.id()));
    order.putAll(members);
    order.put("eventId", fixture.world.id(IdPrefix.EVENT));
    given()
        .header("Authorization", "Bearer " + tokens.forCallee("revocation"))
        .contentType("application/json")
        .body(order)
        .post("/internal/v1/revocations")
        .then()
        .statusCode(200);
  }
}
