package dev.relayauth.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client of ours sends: always 400 or 404, never 500, and nothing is written. */
@QuarkusTest
class HostileInputTest extends IdentityTestBase {
  private static final List<String> UNSTORABLE =
      List.of("a\\u0000b", "a\\ud800b", "\\udc00", "\\ud83d");

  @Test
  void refusesTextThatCannotBeStored() {
    String id = agent("plain", "user_jane", "stripe:orders:read");
    for (String text : UNSTORABLE) {
      for (String body :
          List.of(
              "{\"name\":\"%s\",\"sponsorId\":\"user_jane\"}",
              "{\"name\":\"x\",\"sponsorId\":\"%s\"}",
              "{\"name\":\"x\",\"sponsorId\":\"user_jane\",\"workspaceId\":\"%s\"}",
              "{\"name\":\"x\",\"sponsorId\":\"user_jane\",\"metadata\":{\"k\":\"%s\"}}",
              "{\"name\":\"x\",\"sponsorId\":\"user_jane\",\"metadata\":{\"%s\":\"v\"}}",
              "{\"name\":\"x\",\"sponsorId\":\"user_jane\",\"scopes\":[\"%s\"]}",
              "{\"name\":\"x\",\"sponsorId\":\"user_jane\",\"roles\":[\"%s\"]}")) {
        refuses("POST", "/v1/identities", body.formatted(text));
      }
      refuses("PATCH", "/v1/identities/" + id, "{\"metadata\":{\"k\":\"%s\"}}".formatted(text));
      refuses("POST", "/v1/identities/" + id + "/suspend", "{\"reason\":\"" + text + "\"}");
      refuses("POST", "/v1/workspaces", "{\"name\":\"" + text + "\"}");
      refuses("POST", "/v1/sponsors", "{\"name\":\"j\",\"email\":\"" + text + "\"}");
      refuses("PATCH", "/v1/organizations/" + org, "{\"email\":\"" + text + "\"}");
      refuses("POST", "/v1/api-keys", "{\"name\":\"" + text + "\",\"scopes\":[\"*\"]}");
      refuses(
          "POST",
          "/v1/api-keys",
          "{\"name\":\"k\",\"scopes\":[\"*\"],\"sponsorId\":\"" + text + "\"}");
    }
    as(adminKey).get("/v1/identities").then().body("data", hasSize(1));
  }

  @Test
  void refusesOneMemberInTwoSpellings() {
    for (String body :
        List.of(
            "{\"name\":\"x\",\"sponsorId\":\"user_jane\",\"sponsor_id\":\"user_other\"}",
            "{\"name\":\"x\",\"sponsor_id\":\"user_jane\",\"sponsorId\":\"user_jane\"}")) {
      as(adminKey)
          .body(body)
          .post("/v1/identities")
          .then()
          .statusCode(400)
          .body("code", equalTo("validation_failed"))
          .body("errors[0].pointer", equalTo("/sponsorId"))
          .body("errors[0].detail", equalTo("is there in two spellings: send one"));
    }
    as(adminKey).get("/v1/identities").then().body("data", hasSize(0));
  }

  @Test
  void answersAProblemToATargetOrHeadersThatAreTooLong() {
    as(adminKey).get("/v1/identities?name=" + "x".repeat(8_000)).then().statusCode(400);
    as(adminKey)
        .get("/v1/identities?name=" + "x".repeat(9_000))
        .then()
        .statusCode(414)
        .contentType("application/problem+json")
        .body("code", equalTo("uri_too_long"));
    as(adminKey)
        .header("x-long", "x".repeat(33_000))
        .get("/v1/identities")
        .then()
        .statusCode(431)
        .contentType("application/problem+json")
        .body("code", equalTo("headers_too_large"));
  }

  @Test
  void takesATextForNoJson() {
    String id = agent("plain", "user_jane", "stripe:orders:read");
    given()
        .header("x-api-key", adminKey)
        .contentType("text/plain")
        .body("because")
        .post("/v1/identities/" + id + "/suspend")
        .then()
        .statusCode(415)
        .contentType("application/problem+json")
        .body("code", equalTo("unsupported_media_type"));
    as(adminKey).get("/v1/identities/" + id).then().body("status", equalTo("active"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%00", "agent_%00", "agent_%ED%A0%80", "agent_%FF", "%0A", "agent_%F0%9F"})
  void knowsNothingUnderAnIdThatIsNone(String id) {
    for (String path : List.of("identities", "sponsors", "workspaces", "organizations")) {
      assertThat(status("GET", "/v1/" + path + "/" + id, null)).as(path).isEqualTo(404);
      assertThat(status("PATCH", "/v1/" + path + "/" + id, "{\"name\":\"x\"}")).isEqualTo(404);
    }
    assertThat(status("POST", "/v1/identities/" + id + "/retire", null)).isEqualTo(404);
    assertThat(status("GET", "/v1/identities/" + id + "/sub-agents", null)).isEqualTo(404);
    assertThat(status("POST", "/v1/api-keys/" + id + "/revoke", null)).isEqualTo(404);
  }

  @Test
  void refusesFiltersThatCannotBeStored() {
    for (String filter : List.of("name", "sponsorId", "workspaceId", "status", "type", "cursor")) {
      assertThat(status("GET", "/v1/identities?" + filter + "=a%00b", null)).isEqualTo(400);
    }
    assertThat(status("GET", "/v1/identities?name=%ED%A0%80", null)).isIn(200, 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"9999-12-31T23:59:59Z\"",
        "\"+1000000000-12-31T23:59:59.999999999Z\"",
        "\"-1000000000-01-01T00:00:00Z\"",
        "\"2020-01-01T00:00:00Z\"",
        "\"2030-01-01\"",
        "\"soon\"",
        "\"1h\"",
        "4102444800",
        "1e300",
        "true",
        "{}"
      })
  void refusesAnEndThatNobodyMeans(String end) {
    String id = agent("ends", "user_jane", "stripe:orders:read");
    refuses(
        "POST", "/v1/api-keys", "{\"name\":\"k\",\"scopes\":[\"*\"],\"expiresAt\":" + end + "}");
    refuses(
        "POST",
        "/v1/identities",
        "{\"name\":\"k\",\"sponsorId\":\"user_jane\",\"expiresAt\":" + end + "}");
    refuses("PATCH", "/v1/identities/" + id, "{\"expiresAt\":" + end + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"90\"",
        "\"1 h\"",
        "\"PT-1H\"",
        "\"PT60.5S\"",
        "59",
        "86401",
        "-1",
        "1.5",
        "1e30",
        "[]"
      })
  void refusesALifetimeThatTheContractDoesNotKnow(String lifetime) {
    refuses("PATCH", "/v1/organizations/" + org, "{\"accessTokenTtlSeconds\":" + lifetime + "}");
  }

  @Test
  void readsALifetimeInEachOfItsForms() {
    for (Object form : List.of(3600, "3600s", "60m", "1h", "PT1H")) {
      as(adminKey)
          .body(Map.of("accessTokenTtlSeconds", form))
          .patch("/v1/organizations/" + org)
          .then()
          .statusCode(200)
          .body("accessTokenTtlSeconds", equalTo(3600));
    }
  }

  @Test
  void takesACursorForTheListThatIssuedItOnly() {
    for (int i = 0; i < 3; i++) {
      agent("page-" + i, "user_jane", "stripe:orders:read");
    }
    String cursor =
        as(adminKey).get("/v1/identities?limit=1&status=active").then().extract().path("cursor");
    assertThat(status("GET", "/v1/identities?status=active&cursor=" + cursor, null)).isEqualTo(200);
    for (String other :
        List.of(
            "/v1/identities?x=1",
            "/v1/identities?status=suspended",
            "/v1/identities?status=active&type=agent",
            "/v1/sponsors?x=1",
            "/v1/workspaces?x=1",
            "/v1/api-keys?x=1",
            "/v1/organizations?x=1")) {
      assertThat(status("GET", other + "&cursor=" + cursor, null)).as(other).isEqualTo(400);
    }
    for (String bad : List.of("junk", "a.b", "%00")) {
      assertThat(status("GET", "/v1/organizations?cursor=" + bad, null)).as(bad).isEqualTo(400);
    }
  }

  private void refuses(String method, String path, String body) {
    as(adminKey)
        .body(body)
        .request(method, path)
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }

  private int status(String method, String path, String body) {
    var request = given().urlEncodingEnabled(false).header("x-api-key", adminKey);
    if (body != null) {
      request = request.contentType("application/json").body(body);
    }
    return request.request(method, path).statusCode();
  }
}
