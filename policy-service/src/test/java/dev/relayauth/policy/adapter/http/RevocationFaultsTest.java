package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.Claims;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
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

  @Test
  void takesNoCredentialWhileItsConsumerIsCutOff() {
    IdentityState agent = world.agent(org, SCOPE);
    String token = world.token(agent, SCOPE);
    assertThat(reason(token)).isEqualTo("granted");

    // The owner has committed something that does not arrive here.
    long missing = world.announce(Topics.REVOCATION);

    await()
        .untilAsserted(
            () ->
                asAdmin()
                    .body(Map.of("token", token, "scope", SCOPE))
                    .post("/v1/authorize")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", equalTo("1"))
                    .body("code", equalTo("revocation_feed_stale")));
    asAdmin().get("/v1/roles").then().statusCode(503);
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
