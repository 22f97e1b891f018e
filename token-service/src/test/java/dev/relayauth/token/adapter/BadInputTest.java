package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class BadInputTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  /** Otherwise the test's client would read the form before it sends it. */
  private static final RestAssuredConfig AS_SENT =
      RestAssuredConfig.config()
          .encoderConfig(EncoderConfig.encoderConfig().encodeContentTypeAs(FORM, ContentType.TEXT));

  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%ZZ", "token=%", "grant_type=%ZZ&token=%ZZ", "=", "&&&=", ""})
  void refusesAFormThatIsNotOne(String form) {
    for (String path : List.of("/oauth/token", "/oauth/introspect", "/oauth/revoke")) {
      given()
          .contentType(FORM)
          .config(AS_SENT)
          .body(form)
          .post(path)
          .then()
          .statusCode(path.equals("/oauth/token") ? equalTo(400) : oneOf(400, 401));
    }
    given()
        .header("x-api-key", service.admin)
        .contentType(FORM)
        .config(AS_SENT)
        .body(form)
        .post("/v1/tokens/introspect")
        .then()
        .statusCode(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{",
        "[]",
        "1",
        "\"x\"",
        "{}",
        "{\"identityId\":null}",
        "{\"identityId\":1}",
        "{\"identityId\":\"\"}",
        "{\"identityId\":[\"agent_x\"]}",
        "{\"identityId\":\"agent_x\\u0000\"}",
        "{\"identityId\":\"ID\",\"scopes\":\"a:b:c\"}",
        "{\"identityId\":\"ID\",\"scopes\":[]}",
        "{\"identityId\":\"ID\",\"scopes\":[1]}",
        "{\"identityId\":\"ID\",\"scopes\":[null]}",
        "{\"identityId\":\"ID\",\"scopes\":{}}",
        "{\"identityId\":\"ID\",\"audience\":[1]}",
        "{\"identityId\":\"ID\",\"audience\":[]}",
        "{\"identityId\":\"ID\",\"audience\":[\"https://elsewhere.example\"]}",
        "{\"identityId\":\"ID\",\"ttl\":\"1d\"}",
        "{\"identityId\":\"ID\",\"ttl\":\"P1D\"}",
        "{\"identityId\":\"ID\",\"ttl\":\"PT\"}",
        "{\"identityId\":\"ID\",\"mayAct\":\"agent_x\"}",
        "{\"identityId\":\"ID\",\"mayAct\":{\"sub\":[]}}",
        "{\"identityId\":\"ID\",\"mayAct\":{\"sub\":\"user_x\"}}",
        "{\"identityId\":\"ID\",\"audience\":[\"elsewhere\"]}",
        "{\"identityId\":\"ID\",\"audience\":[\"a\\u0000\"]}",
        "{\"identityId\":\"ID\",\"ttl\":true}",
        "{\"identityId\":\"ID\",\"ttl\":59}",
        "{\"identityId\":\"ID\",\"ttl\":1.5}",
        "{\"identityId\":\"ID\",\"ttl\":-1}",
        "{\"identityId\":\"ID\",\"ttl\":\"soon\"}",
        "{\"identityId\":\"ID\",\"ttl\":\"\"}",
        "{\"identityId\":\"ID\",\"ttl\":99999999999999999999}",
        "{\"identityId\":\"ID\",\"ttl\":9223372036854775807}",
        "{\"identityId\":\"ID\",\"ttl\":\"25h\"}",
        "{\"identityId\":\"ID\",\"ttl\":60,\"expiresIn\":61}",
        "{\"identityId\":\"ID\",\"refreshTokenTtlSeconds\":0}",
        "{\"identityId\":\"ID\",\"refreshTokenTtlSeconds\":2592001}",
        "{\"identityId\":\"ID\",\"refreshTokenTtlSeconds\":{}}",
        "{\"identityId\":\"ID\",\"identityId\":\"ID\"}",
        "{\"identityId\":\"ID\"} trailing"
      })
  void answersAnIssueItCannotReadWith400(String body) {
    IdentityState agent = service.world.agent(service.org, "a:b:c");

    service
        .as(service.admin)
        .body(body.replace("ID", agent.id()))
        .post("/v1/tokens")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo("validation_failed"))
        .body("requestId", not(emptyOrNullString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:b", "a:b:c:d:e", "A:b:c", "a:b:c:**", " ", "a b:c:d", "a:b:c:/../x"})
  void answersAScopeThatIsNoneWithWhy(String scope) {
    IdentityState agent = service.world.agent(service.org, "*");

    service
        .issue(service.admin, Map.of("identityId", agent.id(), "scopes", List.of(scope)))
        .statusCode(400)
        .body("code", equalTo("invalid_scope"))
        .body("scope", equalTo(scope))
        .body("reason", not(emptyOrNullString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "{", "[]", "{}", "{\"refreshToken\":1}", "{\"refreshToken\":\"\"}"})
  void answersARefreshItCannotReadWith400(String body) {
    given()
        .contentType("application/json")
        .body(body)
        .post("/v1/tokens/refresh")
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "{\"token\":1}",
        "{\"token\":\"x\",\"requiredScopes\":\"a:b:c\"}",
        "{\"token\":\"x\",\"requiredScopes\":[null]}"
      })
  void answersAValidationItCannotReadWith400(String body) {
    service
        .as(service.admin)
        .body(body)
        .post("/v1/tokens/validate")
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }

  @Test
  void answersABodyThatIsTooLargeWith413() {
    service
        .as(service.admin)
        .body("{\"identityId\":\"" + "x".repeat(300_000) + "\"}")
        .post("/v1/tokens")
        .then()
        .statusCode(413)
        .body("code", equalTo("payload_too_large"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/oauth/token", "/oauth/introspect", "/oauth/revoke"})
  void saysThatAFormIsTooLargeAsOAuthSaysIt(String path) throws Exception {
    byte[] form = ("grant_type=" + "x".repeat(300_000)).getBytes(StandardCharsets.US_ASCII);
    for (HttpClient.Version version :
        List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
      try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                    .header("Content-Type", FORM)
                    .POST(BodyPublishers.ofByteArray(form))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
            .startsWith("application/json");
        JsonPath json = JsonPath.from(answer.body());
        assertThat(json.getString("error")).isEqualTo("invalid_request");
        assertThat(json.getString("error_description")).contains("262144");
      }
    }
  }

  @Test
  void takesALifetimeOnceOnly() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    for (String twice :
        List.of(
            "\"expiresIn\":60,\"expires_in\":120",
            "\"expires_in\":120,\"expiresIn\":60",
            "\"ttl\":60,\"expires_in\":120")) {
      service
          .as(service.admin)
          .body("{\"identityId\":\"" + agent.id() + "\"," + twice + "}")
          .post("/v1/tokens")
          .then()
          .statusCode(400)
          .body("code", equalTo("validation_failed"));
    }
  }

  /** The framework would read a body that is one text into a type that is made of one. */
  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/xml"})
  void refreshesForJsonAlone(String type) {
    given()
        .config(AS_SENT)
        .contentType(type)
        .body("x")
        .post("/v1/tokens/refresh")
        .then()
        .statusCode(415)
        .contentType("application/problem+json")
        .body("code", equalTo("unsupported_media_type"));
  }

  @Test
  void answersAnotherMediaTypeWith415() {
    given()
        .header("x-api-key", service.admin)
        .contentType("text/plain")
        .body("{}")
        .post("/v1/tokens")
        .then()
        .statusCode(415)
        .body("code", equalTo("unsupported_media_type"));
  }

  @Test
  void answersWhatIsNotThereWith404() {
    given().get("/v1/tokens/nothing").then().statusCode(404).body("code", equalTo("not_found"));
  }
}
