package dev.relayauth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.audit.webhook.Receiver;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.Claims;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
@QuarkusTestResource(Receiver.class)
class ObserverTest {
  private final Fixture fixture = new Fixture();

  /** One client's stream. */
  private static final class Client implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final HttpResponse<Stream<String>> response;

    Client(String query, String... headers) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/observer/events" + query));
      request.headers(headers);
      try {
        response = http.send(request.build(), BodyHandlers.ofLines());
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
      Thread.ofVirtual().start(() -> response.body().forEach(lines::add));
    }

    void await(String text) {
      org.awaitility.Awaitility.await()
          .untilAsserted(() -> assertThat(lines).anyMatch(line -> line.contains(text)));
    }

    List<String> ids() {
      return lines.stream().filter(line -> line.startsWith("id: ")).toList();
    }

    @Override
    public void close() {
      http.shutdownNow();
    }
  }

  private Client listen(String query) {
    Client client = new Client(query, "x-api-key", fixture.key);
    assertThat(client.response.statusCode()).isEqualTo(200);
    assertThat(client.response.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    return client;
  }

  @Test
  void aListenerHearsOfItsTenantsEventsAndHeartbeatsBetweenThem() {
    Fixture other = new Fixture();
    try (Client client = listen("")) {
      client.await(": connected");
      other.logged(other.entry("role.created", Result.allowed, "agent_other"));
      AuditRecord entry = fixture.logged(fixture.entry("role.created", Result.denied, "agent_a"));

      client.await("\"id\":\"" + entry.id() + "\"");
      client.await("event: role.created");
      client.await(": heartbeat");
      assertThat(client.lines).noneMatch(line -> line.contains(other.org));
    }
  }

  @Test
  void aListenerGoesOnWhereItStopped() {
    AuditRecord first = fixture.logged(fixture.entry("role.created", Result.allowed, "agent_a"));
    long leaf = fixture.auditor().get("/v1/audit/" + first.id()).jsonPath().getLong("leafIndex");
    AuditRecord second = fixture.logged(fixture.entry("role.updated", Result.allowed, "agent_a"));

    try (Client client =
        new Client("", "x-api-key", fixture.key, "Last-Event-ID", Long.toString(leaf))) {
      client.await("\"id\":\"" + second.id() + "\"");
      assertThat(client.lines).noneMatch(line -> line.contains("\"id\":\"" + first.id()));
      assertThat(client.ids()).doesNotHaveDuplicates();
    }
  }

  @Test
  void anIdThatThereHasNotBeenIsAnsweredWithAReset() {
    try (Client client = new Client("", "x-api-key", fixture.key, "Last-Event-ID", "99999999")) {
      client.await("event: reset");
    }
    fixture
        .auditor()
        .header("Last-Event-ID", "x")
        .get("/v1/observer/events")
        .then()
        .statusCode(400);
  }

  @Test
  void aFilterHoldsForTheStreamToo() {
    try (Client client = listen("?action=role.deleted")) {
      client.await(": connected");
      fixture.logged(fixture.entry("role.created", Result.allowed, "agent_a"));
      AuditRecord wanted = fixture.logged(fixture.entry("role.deleted", Result.allowed, "agent_a"));

      client.await(wanted.id());
      assertThat(client.lines).noneMatch(line -> line.contains("event: role.created"));
    }
    fixture.auditor().get("/v1/observer/events?result=x").then().statusCode(400);
  }

  @Test
  void aCredentialThatIsRevokedEndsItsStream() {
    IdentityState agent = fixture.world.agent(fixture.org, "relayauth:audit:read");
    Claims claims = fixture.world.claims(agent, "relayauth:audit:read").build();
    try (Client client = new Client("", "authorization", "Bearer " + fixture.world.sign(claims))) {
      client.await(": connected");

      fixture.world.revoke(fixture.org, RevocationKind.TOKEN, claims.jti(), true);

      client.await("event: end");
      client.await("token_revoked");
    }
  }

  @Test
  void theStreamNeedsACredentialAndItsScope() {
    String other = fixture.world.apiKey(fixture.org, "relayauth:identity:manage");

    RestAssured.get("/v1/observer/events").then().statusCode(401);
    RestAssured.given()
        .header("x-api-key", other)
        .get("/v1/observer/events")
        .then()
        .statusCode(403);
  }

  @Test
  void aSessionHasATimeline() {
    AuditRecord entry =
        fixture.logged(
            fixture.with(
                fixture.entry("token.refreshed", Result.allowed, "agent_a"),
                java.util.Map.of("sessionId", "sess_x"),
                "user_jane"));
    fixture.logged(fixture.entry("token.refreshed", Result.allowed, "agent_a"));

    List<String> ids =
        fixture.auditor().get("/v1/sessions/sess_x/timeline").jsonPath().getList("entries.id");

    assertThat(ids).containsExactly(entry.id());
    fixture.auditor().get("/v1/sessions/sess_unknown/timeline").then().statusCode(404);
    new Fixture().auditor().get("/v1/sessions/sess_x/timeline").then().statusCode(404);
    await().until(() -> fixture.ids(java.util.Map.of("sessionId", "sess_x")).size() == 1);
  }
}
