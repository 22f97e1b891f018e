package dev.relayauth.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that no store can hold is the client's mistake on every route, never ours. */
@QuarkusTest
class OddTextTest extends IdentityTestBase {
  @ParameterizedTest
  @ValueSource(strings = {"%00", "%ff", "%c3%28", "agent_%00x"})
  void knowsNothingAtAPathThatIsNotText(String id) {
    given()
        .urlEncodingEnabled(false)
        .header("x-api-key", "any")
        .get("/v1/identities/" + id)
        .then()
        .statusCode(404)
        .body("code", equalTo("not_found"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"workspaceId=%00", "sponsorId=%ff", "status=%c3", "cursor=%e2%82"})
  void refusesAFilterThatIsNotText(String filter) {
    given()
        .urlEncodingEnabled(false)
        .header("x-api-key", "any")
        .get("/v1/identities?" + filter)
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"a\\u0000\",\"sponsorId\":\"user_jane\"}",
        "{\"name\":\"\\ud800\",\"sponsorId\":\"user_jane\"}",
        "{\"name\":\"a\",\"sponsorId\":\"\\u0000\"}",
        "{\"name\":\"a\",\"sponsorId\":\"user_jane\",\"metadata\":{\"\\u0000\":\"v\"}}"
      })
  void refusesABodyWithTextThatNoStoreCanHold(String body) {
    as(adminKey)
        .body(body)
        .post("/v1/identities")
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }
}
