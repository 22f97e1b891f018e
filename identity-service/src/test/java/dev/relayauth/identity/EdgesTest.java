package dev.relayauth.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.relayauth.common.event.AuditRecord;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said at the edges: of methods, of text, of who did it. */
@QuarkusTest
class EdgesTest extends IdentityTestBase {
  @Test
  void namesTheMethodsThatWouldDo() {
    as(adminKey)
        .put("/v1/identities")
        .then()
        .statusCode(405)
        .header("Allow", containsString("POST"))
        .header("Allow", containsString("GET"))
        .body("code", equalTo("method_not_allowed"));
    as(adminKey)
        .delete("/v1/workspaces")
        .then()
        .statusCode(405)
        .header("Allow", containsString("POST"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32BE"})
  void takesNothingButUtf8(String charset) throws Exception {
    String body = "{\"name\":\"wide\",\"sponsorId\":\"user_jane\"}";
    byte[] wide = body.getBytes(Charset.forName(charset));
    assertThat(posted("application/json", wide)).isEqualTo(400);
    assertThat(posted("application/json; charset=" + charset, wide)).isEqualTo(415);
    byte[] utf8 = body.getBytes(StandardCharsets.UTF_8);
    assertThat(posted("application/json; charset=" + charset, utf8)).isEqualTo(415);
    assertThat(posted("application/json; charset=\"UTF-8\"", utf8)).isEqualTo(201);
  }

  private int posted(String type, byte[] body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:" + RestAssured.port + "/v1/identities"))
                  .header("x-api-key", adminKey)
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void countsMetadataInBytesOfUtf8() {
    Map<String, String> fits = Map.of("k", "\u00e9".repeat(512));
    Map<String, String> over = Map.of("k", "\u00e9".repeat(513));
    String id =
        create(Map.of("name", "wide", "sponsorId", "user_jane", "metadata", fits))
            .statusCode(201)
            .extract()
            .path("id");
    create(Map.of("name", "wider", "sponsorId", "user_jane", "metadata", over)).statusCode(400);
    as(adminKey)
        .body(Map.of("metadata", over))
        .patch("/v1/identities/" + id)
        .then()
        .statusCode(400);
  }

  @Test
  void namesTheAgentThatWasToGetTooMuchAndWhoTried() {
    String id = agent("modest", "user_jane", "stripe:orders:read");
    String narrow = key("narrow", "relayauth:identity:manage");
    as(narrow)
        .body(Map.of("scopes", List.of("stripe:refunds:create")))
        .patch("/v1/identities/" + id)
        .then()
        .statusCode(403);

    assertThat(awaited("scope.escalation_denied"))
        .singleElement()
        .satisfies(
            tried -> {
              assertThat(tried.identityId()).isEqualTo(id);
              assertThat(tried.sponsorChain()).containsExactly("user_jane", id);
              assertThat(tried.metadata().get("actorId")).startsWith("ak_");
              assertThat(tried.requestId()).isNotNull();
            });
  }

  @Test
  void namesTheRequestThatChangedABudget() {
    String id = agent("thrifty", "user_jane", "stripe:orders:read");
    as(adminKey)
        .header("X-Request-ID", "req-patch")
        .body(Map.of("budget", Map.of("maxActionsPerHour", 5)))
        .patch("/v1/identities/" + id)
        .then()
        .statusCode(200);
    given()
        .header("Authorization", "Bearer " + services.forCallee("identity"))
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "budget",
                Map.of("maxActionsPerHour", 6),
                "author",
                Map.of("actorId", "ak_boss", "requestId", "req-put", "ip", "192.0.2.9")))
        .post("/internal/v1/budgets/{org}/{id}/limits", org, id)
        .then()
        .statusCode(200);

    List<AuditRecord> trail =
        new Trail(world, org).await(record -> "req-put".equals(record.requestId()));
    assertThat(trail)
        .filteredOn(record -> record.action().equals("budget.updated"))
        .hasSize(2)
        .anySatisfy(
            record -> {
              assertThat(record.requestId()).isEqualTo("req-put");
              assertThat(record.ip()).isEqualTo("192.0.2.9");
              assertThat(record.metadata()).containsEntry("actorId", "ak_boss");
            })
        .anySatisfy(
            record -> {
              assertThat(record.requestId()).isEqualTo("req-patch");
              assertThat(record.identityId()).isEqualTo(id);
              assertThat(record.metadata().get("actorId")).startsWith("ak_");
            });
  }

  @Test
  void namesForWhomAServiceMadeAKey() {
    given()
        .header("Authorization", "Bearer " + services.forCallee("identity"))
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "orgId", org,
                "kind", "workspace_token",
                "name", "w",
                "scopes", List.of("*"),
                "sponsorId", "user_jane",
                "workspaceId", "ws_prod",
                "author", Map.of("actorId", "ak_boss", "requestId", "req-1")))
        .post("/internal/v1/api-keys")
        .then()
        .statusCode(201)
        .body("key", notNullValue());

    assertThat(
            new Trail(world, org)
                .await(record -> "workspace_token".equals(record.metadata().get("kind"))))
        .filteredOn(record -> "workspace_token".equals(record.metadata().get("kind")))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.metadata()).containsEntry("actorId", "ak_boss");
              assertThat(record.requestId()).isEqualTo("req-1");
            });
  }

  @Test
  void tellsOtherServicesOfAHuman() {
    String route = "/internal/v1/sponsors/{org}/{id}";
    bearer(services.forCallee("identity"))
        .get(route, org, "user_jane")
        .then()
        .statusCode(200)
        .body("name", equalTo("Jane"))
        .body("status", equalTo("active"));
    bearer(services.forCallee("identity")).get(route, org, "user_nobody").then().statusCode(404);
    as(adminKey).get(route, org, "user_jane").then().statusCode(401);
  }

  private List<AuditRecord> awaited(String action) {
    return new Trail(world, org)
        .await(record -> record.action().equals(action)).stream()
            .filter(record -> record.action().equals(action))
            .toList();
  }
}
