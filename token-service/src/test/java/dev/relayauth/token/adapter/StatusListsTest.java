package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.internal.ServiceTokens;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import dev.relayauth.token.domain.status.StatusList;
import dev.relayauth.token.domain.status.StatusPlace;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Status lists and security events, read with a JOSE library that is not ours. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class StatusListsTest {
  @Inject ServiceTokens services;
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  @Test
  void leavesTokensOfOtherOrganizationsAlone() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");

    assertThat(Service.claims(service.pair(agent).getString("accessToken")))
        .doesNotContainKey("status");
  }

  @Test
  void givesEachTokenAPlaceOfItsOwn() {
    turnOn();
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    Set<Object> places = new HashSet<>();

    for (int i = 0; i < 20; i++) {
      places.add(place(service.pair(agent).getString("accessToken")));
    }
    JsonPath pair = service.pair(agent);
    places.add(place(pair.getString("accessToken")));
    String refreshed =
        service
            .refresh(pair.getString("refreshToken"))
            .statusCode(200)
            .extract()
            .path("accessToken");
    places.add(place(refreshed));

    assertThat(places).hasSize(22);
  }

  @Test
  void tellsOfRevokedTokensInASignedList() throws Exception {
    turnOn();
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    IdentityState other = service.world.agent(service.org, "a:b:c");
    String good = service.pair(agent).getString("accessToken");
    String revoked = service.pair(agent).getString("accessToken");
    String ofTheOther = service.pair(other).getString("accessToken");
    service.world.revoke(
        service.org, RevocationKind.TOKEN, Service.claims(revoked).get("jti").toString(), false);
    service.world.revoke(service.org, RevocationKind.IDENTITY, other.id(), false);

    String uri = place(good).get("uri").toString();
    await()
        .untilAsserted(
            () -> {
              assertThat(status(revoked)).isEqualTo(StatusList.INVALID);
              assertThat(status(ofTheOther)).isEqualTo(StatusList.INVALID);
              assertThat(status(good)).isEqualTo(StatusList.VALID);
            });
    JwtClaims list = verified(fetch(number(uri)), "statuslist+jwt");
    assertThat(list.getSubject()).isEqualTo(uri);
    assertThat(list.getIssuer()).isEqualTo(World.ISSUER);
    assertThat(list.getClaimValue("ttl", Long.class)).isPositive();
    assertThat(list.getExpirationTime().isAfter(list.getIssuedAt())).isTrue();
  }

  @Test
  void knowsNoOtherList() {
    internal().get("/internal/v1/status-lists/999999").then().statusCode(404);
    given().get("/internal/v1/status-lists/0").then().statusCode(401);
  }

  @Test
  void signsSecurityEventsForTheRevocationServiceAlone() throws Exception {
    Map<String, Object> event = Map.of("jti", "evt_1", "iat", 1, "aud", List.of(service.org));
    Map<String, Object> body = Map.of("events", List.of(event));
    // The services under test all call as the token service, which is not the one.
    internal().body(body).post("/internal/v1/security-events").then().statusCode(403);
    String token =
        given()
            .header("Authorization", "Bearer " + service.world.serviceToken("revocation", "token"))
            .contentType("application/json")
            .body(body)
            .post("/internal/v1/security-events")
            .then()
            .statusCode(200)
            .extract()
            .path("tokens[0]");

    JwtClaims claims = verified(token, "secevent+jwt");
    assertThat(claims.getIssuer()).isEqualTo(World.ISSUER);
    assertThat(claims.getJwtId()).isEqualTo("evt_1");
    assertThat(claims.hasClaim("sub")).isFalse();
    given().header("Authorization", "Bearer " + token).get("/v1/keys").then().statusCode(401);
  }

  private void turnOn() {
    OrganizationSettings settings =
        new OrganizationSettings(null, null, null, null, null, null, true, null);
    long sequence = service.world.sequence();
    Instant now = Instant.now();
    service.world.publish(
        Topics.IDENTITY,
        EntityKind.ORGANIZATION.key(service.org, service.org),
        "organization",
        service.org,
        sequence,
        Json.write(
            new OrganizationState(
                service.org, "Lists", null, "EdDSA", settings, now, now, sequence)));
    await()
        .until(
            () -> {
              IdentityState agent = service.world.agent(service.org, "a:b:c");
              return Service.claims(service.pair(agent).getString("accessToken"))
                  .containsKey("status");
            });
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> place(String token) {
    Map<String, Object> status = (Map<String, Object>) Service.claims(token).get("status");
    return (Map<String, Object>) status.get("status_list");
  }

  private int status(String token) throws InvalidJwtException, JoseException {
    Map<String, Object> place = place(token);
    JwtClaims claims = verified(fetch(number(place.get("uri").toString())), "statuslist+jwt");
    @SuppressWarnings("unchecked")
    Map<String, Object> list = (Map<String, Object>) claims.getClaimValue("status_list");
    return StatusList.decode(
            ((Number) list.get("bits")).intValue(),
            list.get("lst").toString(),
            StatusPlace.LIST_SIZE)
        .get(((Number) place.get("idx")).intValue());
  }

  private static String number(String uri) {
    assertThat(uri).startsWith(World.ISSUER + StatusPlace.PATH);
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  private RequestSpecification internal() {
    return given()
        .header("Authorization", "Bearer " + services.forCallee("token"))
        .contentType("application/json");
  }

  private String fetch(String number) {
    return internal()
        .get("/internal/v1/status-lists/" + number)
        .then()
        .statusCode(200)
        .contentType("application/statuslist+jwt")
        .extract()
        .asString();
  }

  private static JwtClaims verified(String jwt, String type)
      throws InvalidJwtException, JoseException {
    String jwks = given().get("/.well-known/jwks.json").asString();
    JwtConsumer consumer =
        new JwtConsumerBuilder()
            .setVerificationKeyResolver(
                new JwksVerificationKeyResolver(new JsonWebKeySet(jwks).getJsonWebKeys()))
            .setExpectedType(true, type)
            .setSkipDefaultAudienceValidation()
            .setExpectedIssuer(World.ISSUER)
            .build();
    return consumer.processToClaims(jwt);
  }
}
