package dev.relayauth.audit.console;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class ConsolePagesTest {
  private static ValidatableResponse get(String path) {
    return given().redirects().follow(false).get(path).then();
  }

  @Test
  void leadsToItsFolderSoThatRelativeAddressesWork() {
    get("/console").statusCode(308).header("Location", "console/");
    get("/console/").statusCode(200).body(containsString("js/main.js"));
  }

  @ParameterizedTest
  @CsvSource({
    "/console/,text/html",
    "/console/index.html,text/html",
    "/console/js/main.js,javascript",
    "/console/css/base.css,text/css",
    "/console/icon.svg,image/svg+xml"
  })
  void servesEachKindOfFileUnderTheStrictPolicy(String path, String type) {
    get(path)
        .statusCode(200)
        .header("Content-Type", containsString(type))
        .header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                + "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("X-Frame-Options", "DENY")
        .header("Cache-Control", "no-cache");
  }

  @Test
  void asksAgainForAFileThatItHasAndIsToldThatItIsTheSame() {
    String modified = get("/console/js/main.js").extract().header("Last-Modified");
    given().header("If-Modified-Since", modified).get("/console/js/main.js").then().statusCode(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/console/nowhere.js", "/console/../application.properties", "/console/js/"})
  void hasNothingElse(String path) {
    given()
        .urlEncodingEnabled(false)
        .get(path)
        .then()
        .statusCode(404)
        .body(not(containsString("relayauth.service")));
  }

  @Test
  void isOnlyRead() {
    given().post("/console/").then().statusCode(405).header("Allow", equalTo("GET, HEAD"));
    given()
        .head("/console/")
        .then()
        .statusCode(200)
        .header("Content-Length", matchesPattern("\\d+"));
  }

  @Test
  void leavesOtherPathsAlone() {
    given()
        .get("/consolation")
        .then()
        .statusCode(404)
        .header("Content-Security-Policy", equalTo(null));
  }
}
