package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.revision.Revision;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.Claims;
import dev.relayauth.policy.envoy.auth.AttributeContext;
import dev.relayauth.policy.v1.AuthorizationGrpc;
import dev.relayauth.policy.v1.BatchCheckRequest;
import dev.relayauth.policy.v1.CheckRequest;
import dev.relayauth.testing.LocalServers;
import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a verifier does whose feed lags, and whose clock differs from the issuer's. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class RevocationFaultsTest extends PolicyServiceTest {
  private static final String SCOPE = "stripe:orders:read";

  @Inject Revisions revisions;

  @Test
  void deniesWhoeverAsksWhileItsConsumerIsCutOffAndTakesNoCredentialElsewhere() {
    IdentityState agent = world.agent(org, SCOPE);
    String token = world.token(agent, SCOPE);
    assertThat(reason(token)).isEqualTo("granted");

    // The owner has committed something that does not arrive here.
    long missing = world.announce(Topics.REVOCATION);

    await()
        .untilAsserted(
            () ->
                asAdmin()
                    .get("/v1/roles")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", equalTo("1"))
                    .body("code", equalTo("revocation_feed_stale")));
    Map<String, Object> question = Map.of("token", token, "scope", SCOPE, "explain", true);
    Map<String, Object> named = Map.of("identityId", agent.id(), "scope", SCOPE, "explain", true);
    String caller = world.token(agent, "relayauth:scope:read");
    for (String path : List.of("/v1/authorize", "/v1/policies/evaluate")) {
      for (Map<String, Object> each : List.of(question, named)) {
        asAdmin()
            .header("Relay-Revision", revisions.encode(new Revision(Map.of("revocation", missing))))
            .body(each)
            .post(path)
            .then()
            .statusCode(200)
            .body("allowed", equalTo(false))
            .body("reason", equalTo("revocation_feed_stale"))
            .body("matched", anEmptyMap())
            .body("explanation", nullValue());
        asBearer(caller)
            .body(each)
            .post(path)
            .then()
            .statusCode(200)
            .body("reason", equalTo("revocation_feed_stale"));
      }
    }
    asAdmin()
        .body(Map.of("requests", List.of(question, named)))
        .post("/v1/authorize/batch")
        .then()
        .statusCode(200)
        .body("results.reason", everyItem(equalTo("revocation_feed_stale")));
    Map<String, Object> evaluation =
        Map.of(
            "subject", Map.of("type", "agent", "id", agent.id()),
            "action", Map.of("name", "read"),
            "resource", Map.of("type", "stripe:orders", "id", "*"));
    asAdmin()
        .body(evaluation)
        .post("/access/v1/evaluation")
        .then()
        .statusCode(200)
        .body("decision", equalTo(false))
        .body("context.reason", equalTo("revocation_feed_stale"));
    asAdmin()
        .body(Map.of("evaluations", List.of(evaluation, evaluation)))
        .post("/access/v1/evaluations")
        .then()
        .statusCode(200)
        .body("evaluations.decision", everyItem(equalTo(false)));
    given()
        .header("x-api-key", admin)
        .header("x-relayauth-scope", SCOPE)
        .auth()
        .oauth2(token)
        .get("/v1/ext-authz/orders")
        .then()
        .statusCode(403)
        .body(equalTo("revocation_feed_stale"));
    deniesOverGrpc(token);

    // Whoever could not call anyway can't now.
    as("rak_unknown").body(question).post("/v1/authorize").then().statusCode(401);
    asBearer(token + "x").body(question).post("/v1/authorize").then().statusCode(401);
    asBearer(expired(agent))
        .body(question)
        .post("/v1/authorize")
        .then()
        .statusCode(401)
        .body("code", equalTo("token_expired"));
    as(world.apiKey(org, "relayauth:token:read"))
        .body(question)
        .post("/v1/authorize")
        .then()
        .statusCode(403);

    given()
        .get("/q/health/ready")
        .then()
        .statusCode(503)
        .body("checks.find { it.name == 'projections' }.data.stale", equalTo(Topics.REVOCATION));
    assertThat(given().get("/q/metrics").asString())
        .containsPattern("relayauth_feed_stale\\{[^}]*revocation[^}]*} 1")
        .containsPattern("relayauth_credentials_rejected_total\\{[^}]*revocation_feed_stale");

    world.revoke(org, RevocationKind.IDENTITY, agent.id(), false);
    assertThat(world.head()).isGreaterThan(missing);
    world.awaitReady();
    assertThat(reason(token)).isEqualTo("token_revoked");
    assertThat(reason(world.token(agent, SCOPE))).isEqualTo("granted");
  }

  private void deniesOverGrpc(String token) {
    ManagedChannel channel =
        Grpc.newChannelBuilder("127.0.0.1:" + RestAssured.port, InsecureChannelCredentials.create())
            .build();
    try {
      Metadata headers = new Metadata();
      headers.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), admin);
      ClientInterceptor asAdmin = MetadataUtils.newAttachHeadersInterceptor(headers);
      var checks = AuthorizationGrpc.newBlockingStub(channel).withInterceptors(asAdmin);
      CheckRequest question = CheckRequest.newBuilder().setToken(token).setScope(SCOPE).build();
      assertThat(checks.check(question).getReason()).isEqualTo("revocation_feed_stale");
      assertThat(
              checks
                  .batchCheck(BatchCheckRequest.newBuilder().addRequests(question).build())
                  .getResults(0)
                  .getReason())
          .isEqualTo("revocation_feed_stale");
      AttributeContext attributes =
          AttributeContext.newBuilder()
              .putContextExtensions("scope", SCOPE)
              .setRequest(
                  AttributeContext.Request.newBuilder()
                      .setHttp(
                          AttributeContext.HttpRequest.newBuilder()
                              .setMethod("GET")
                              .setPath("/orders")
                              .putHeaders("authorization", "Bearer " + token)))
              .build();
      assertThat(
              dev.relayauth.policy.envoy.auth.AuthorizationGrpc.newBlockingStub(channel)
                  .withInterceptors(asAdmin)
                  .check(
                      dev.relayauth.policy.envoy.auth.CheckRequest.newBuilder()
                          .setAttributes(attributes)
                          .build())
                  .getDeniedResponse()
                  .getBody())
          .isEqualTo("revocation_feed_stale");
    } finally {
      channel.shutdownNow();
    }
  }

  private static RequestSpecification asBearer(String token) {
    return given().auth().oauth2(token).contentType(ContentType.JSON);
  }

  private String expired(IdentityState agent) {
    long then = Instant.now().getEpochSecond() - 7200;
    return world.sign(
        world.claims(agent, "relayauth:scope:read").iat(then).nbf(then).exp(then + 3600).build());
  }

  @ParameterizedTest
  @ValueSource(longs = {-20, 20})
  void noSkewOfClocksSavesATokenOrKillsAnHonestOne(long seconds) {
    IdentityState agent = world.agent(org, SCOPE);
    String before = skewed(agent, seconds);
    assertThat(reason(before)).isEqualTo("granted");

    world.revoke(org, RevocationKind.IDENTITY, agent.id(), false);

    await().until(() -> reason(before).equals("token_revoked"));
    assertThat(reason(skewed(agent, seconds))).isEqualTo("granted");
  }

  @Test
  void messagesThatComeTwiceOrOutOfOrderReviveNothing() {
    IdentityState agent = world.agent(org, SCOPE);
    long older = world.sequence();
    String between = world.token(agent, SCOPE);
    long newer = world.revoke(org, RevocationKind.IDENTITY, agent.id(), false);
    await().until(() -> reason(between).equals("token_revoked"));

    world.revokeAgain(org, RevocationKind.IDENTITY, agent.id(), older);
    world.revokeAgain(org, RevocationKind.IDENTITY, agent.id(), newer);
    world.revokeAgain(org, RevocationKind.IDENTITY, agent.id(), older);
    String other = world.token(world.agent(org, SCOPE), SCOPE);
    world.revoke(org, RevocationKind.TOKEN, idOf(other), false);
    await().until(() -> reason(other).equals("token_revoked"));

    assertThat(reason(between)).isEqualTo("token_revoked");
    assertThat(reason(world.token(agent, SCOPE))).isEqualTo("granted");
  }

  /** A token of an issuer whose clock is ahead of ours by that. */
  private String skewed(IdentityState agent, long seconds) {
    long now = Instant.now().getEpochSecond() + seconds;
    Claims claims = world.claims(agent, SCOPE).iat(now).nbf(now).exp(now + 3600).build();
    return world.sign(claims);
  }

  private String reason(String token) {
    return authorize(Map.of("token", token, "scope", SCOPE)).path("reason");
  }

  private static String idOf(String token) {
    byte[] payload = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
    return JsonPath.from(new String(payload, StandardCharsets.UTF_8)).getString("jti");
  }
}
