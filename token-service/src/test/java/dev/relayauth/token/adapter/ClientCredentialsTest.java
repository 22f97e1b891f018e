package dev.relayauth.token.adapter;

import static dev.relayauth.token.adapter.OAuth.clientCredentials;
import static dev.relayauth.token.adapter.OAuth.form;
import static dev.relayauth.token.adapter.OAuth.token;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class ClientCredentialsTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private IdentityState agent() {
    return service.world.agent(service.org, "stripe:orders:*", "relayauth:token:read");
  }

  @Test
  void givesAnAccessTokenByASecretInTheBodyOrTheHeader() {
    IdentityState agent = agent();
    String secret = OAuth.secret(agent, "stripe:orders:read", "relayauth:token:read").key();

    String compact =
        clientCredentials(agent, secret, "stripe:orders:read")
            .statusCode(200)
            .header("Cache-Control", "no-store")
            .body("token_type", equalTo("Bearer"))
            .body("scope", equalTo("stripe:orders:read"))
            .body("expires_in", equalTo(3600))
            .body("refresh_token", nullValue())
            .body("issued_token_type", nullValue())
            .extract()
            .path("access_token");

    assertThat(OAuth.header(compact)).containsEntry("typ", "at+jwt");
    Map<String, Object> claims = Service.claims(compact);
    assertThat(claims)
        .containsEntry("sub", agent.id())
        .containsEntry("client_id", agent.id())
        .containsEntry("org", service.org)
        .containsEntry("iss", World.ISSUER);
    form("grant_type", "client_credentials")
        .auth()
        .preemptive()
        .basic(agent.id(), secret)
        .post("/oauth/token")
        .then()
        .statusCode(200)
        .body("scope", equalTo("stripe:orders:read relayauth:token:read"));
  }

  @Test
  void givesNothingBeyondTheKeyOrTheIdentity() {
    IdentityState agent = agent();
    String secret = OAuth.secret(agent, "stripe:orders:read", "other:plane:read").key();

    clientCredentials(agent, secret, "stripe:orders:write")
        .statusCode(400)
        .body("error", equalTo("invalid_scope"));
    clientCredentials(agent, secret, "other:plane:read")
        .statusCode(400)
        .body("error", equalTo("invalid_scope"));
    clientCredentials(agent, secret, "not a scope")
        .statusCode(400)
        .body("error", equalTo("invalid_scope"));
  }

  @Test
  void knowsNoClientByTheKeyOfAnother() {
    IdentityState agent = agent();
    String nobodys = service.apiKey("*");
    String anothers = OAuth.secret(agent(), "*").key();

    for (String secret : List.of(nobodys, anothers, "rak_wrong", service.world.platformKey())) {
      clientCredentials(agent, secret, "stripe:orders:read")
          .statusCode(401)
          .header("WWW-Authenticate", containsString("Basic"))
          .body("error", equalTo("invalid_client"));
    }
    token("grant_type", "client_credentials", "client_id", agent.id())
        .statusCode(401)
        .body("error", equalTo("invalid_client"));
    given()
        .contentType("application/x-www-form-urlencoded")
        .header("Authorization", "Basic !!!")
        .formParam("grant_type", "client_credentials")
        .post("/oauth/token")
        .then()
        .statusCode(401);
  }

  @Test
  void takesOneMethodOfAuthenticationAndOneOfEachParameter() {
    IdentityState agent = agent();
    String secret = OAuth.secret(agent, "*").key();

    form("grant_type", "client_credentials", "client_id", agent.id(), "client_secret", secret)
        .auth()
        .preemptive()
        .basic(agent.id(), secret)
        .post("/oauth/token")
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_request"));
    given()
        .contentType("application/x-www-form-urlencoded")
        .body("grant_type=client_credentials&grant_type=client_credentials")
        .post("/oauth/token")
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_request"));
    token("client_id", agent.id()).statusCode(400).body("error", equalTo("invalid_request"));
    token("grant_type", "password").body("error", equalTo("unsupported_grant_type"));
    token("grant_type", "authorization_code").body("error", equalTo("unsupported_grant_type"));
    given()
        .contentType("application/json")
        .body("{}")
        .post("/oauth/token")
        .then()
        .statusCode(415)
        .body("error", equalTo("invalid_request"));
  }

  @Test
  void namesItsAudienceByResource() {
    IdentityState agent = agent();
    String secret = OAuth.secret(agent, "*").key();
    String[] common = {
      "grant_type", "client_credentials", "client_id", agent.id(), "client_secret", secret,
    };

    assertThat(audience(form(common).formParam("resource", OutsideIssuer.RESOURCE)))
        .containsExactly(OutsideIssuer.RESOURCE);
    assertThat(audience(form(common).formParam("resource", World.ISSUER)))
        .containsExactly("relayauth");
    for (String wrong : List.of("https://elsewhere.example", "relative", World.ISSUER + "#x")) {
      form(common)
          .formParam("resource", wrong)
          .post("/oauth/token")
          .then()
          .statusCode(400)
          .body("error", equalTo("invalid_target"));
    }
  }

  @SuppressWarnings("unchecked")
  private static List<String> audience(io.restassured.specification.RequestSpecification request) {
    String compact =
        request.post("/oauth/token").then().statusCode(200).extract().path("access_token");
    return (List<String>) Service.claims(compact).get("aud");
  }

  @Test
  void givesNothingToAClientThatIsSuspendedOrWhoseKeyIsRevoked() {
    IdentityState agent = agent();
    Keys.Made secret = OAuth.secret(agent, "*");
    IdentityState other = agent();
    String otherSecret = OAuth.secret(other, "*").key();
    service.change(other, IdentityState.Status.suspended, false, "stripe:orders:*");
    Keys.revoke(secret.state());
    service.world.revoke(service.org, RevocationKind.CREDENTIAL, secret.state().id(), false);

    org.awaitility.Awaitility.await()
        .untilAsserted(
            () -> {
              clientCredentials(agent, secret.key(), "stripe:orders:read").statusCode(401);
              clientCredentials(other, otherSecret, "stripe:orders:read")
                  .statusCode(400)
                  .body("error", equalTo("invalid_grant"));
            });
  }
}
