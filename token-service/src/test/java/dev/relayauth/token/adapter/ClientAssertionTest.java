package dev.relayauth.token.adapter;

import static dev.relayauth.token.adapter.OAuth.token;
import static dev.relayauth.token.adapter.OutsideIssuer.header;
import static dev.relayauth.token.adapter.OutsideIssuer.jwt;
import static dev.relayauth.token.adapter.OutsideIssuer.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class ClientAssertionTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private final SigningKey key = SigningKey.generate(SigningAlgorithm.EDDSA);

  private ValidatableResponse register(String apiKey, IdentityState agent, String... scopes) {
    return service
        .as(apiKey)
        .body(
            Map.of(
                "jwk", JsonPath.from(key.verificationKey().toJwk()).getMap(""),
                "scopes", List.of(scopes)))
        .post("/v1/identities/" + agent.id() + "/keys")
        .then();
  }

  private static Map<String, Object> claims(IdentityState agent) {
    return Map.of(
        "iss", agent.id(),
        "sub", agent.id(),
        "aud", World.ISSUER,
        "jti", UUID.randomUUID().toString(),
        "iat", Instant.now().getEpochSecond(),
        "exp", Instant.now().getEpochSecond() + 60);
  }

  private static ValidatableResponse send(String assertion) {
    return token(
        "grant_type",
        "client_credentials",
        "client_assertion_type",
        TYPE,
        "client_assertion",
        assertion);
  }

  @Test
  void givesATokenOnceForAnAssertionByARegisteredKey() {
    IdentityState agent = service.world.agent(service.org, "a:b:*");
    register(service.admin, agent, "a:b:read").statusCode(201).body("kid", equalTo(key.kid()));
    String assertion = jwt(key, header(key), claims(agent));

    String compact =
        send(assertion)
            .statusCode(200)
            .body("scope", equalTo("a:b:read"))
            .extract()
            .path("access_token");

    assertThat(Service.claims(compact)).containsEntry("sub", agent.id());
    send(assertion).statusCode(401).body("error", equalTo("invalid_client"));
    send(jwt(key, header(key), with(claims(agent), "aud", World.ISSUER + "/oauth/token")))
        .statusCode(200);
    send(jwt(key, header(key), with(claims(agent), "aud", List.of("x", World.ISSUER))))
        .statusCode(200);
  }

  @Test
  void refusesAssertionsThatAreNotTheClientsForUsAndForNow() {
    IdentityState agent = service.world.agent(service.org, "a:b:*");
    register(service.admin, agent, "a:b:read").statusCode(201);
    Map<String, Object> good = claims(agent);
    long now = Instant.now().getEpochSecond();
    SigningKey other = SigningKey.generate(SigningAlgorithm.EDDSA);
    List<String> wrong = new ArrayList<>();
    for (Object[] change :
        new Object[][] {
          {"iss", "agent_other"},
          {"sub", "agent_other"},
          {"aud", "https://elsewhere.example"},
          {"aud", null},
          {"exp", null},
          {"exp", now - 31},
          {"exp", now + 700},
          {"jti", null},
          {"jti", 1},
          {"nbf", now + 120},
          {"iat", now + 120},
          {"exp", "soon"},
          {"sub", null},
        }) {
      wrong.add(jwt(key, header(key), with(good, change)));
    }
    wrong.add(jwt(other, header(other), good));
    wrong.add(jwt(other, header(key), good));
    wrong.add(jwt(key, Map.of("alg", "none"), good));
    wrong.add(jwt(key, Map.of("alg", "HS256", "kid", key.kid()), good));
    wrong.add(jwt(key, with(header(key), "crit", List.of("x")), good));
    wrong.add("a.b.c");

    assertThat(wrong)
        .allSatisfy(text -> send(text).statusCode(401).body("error", equalTo("invalid_client")));
    send(jwt(key, header(key), good)).statusCode(200);
  }

  @Test
  void registersNoMoreThanTheRegistrarHas() {
    IdentityState agent = service.world.agent(service.org, "a:b:*");
    String narrow =
        service.apiKey("relayauth:identity:manage", "relayauth:token:create", "a:b:read");

    register(narrow, agent, "a:b:write").statusCode(403).body("required", equalTo("a:b:write"));
    register(service.apiKey("relayauth:identity:manage", "*:*:read"), agent, "a:b:read")
        .statusCode(403);
    register(narrow, agent).statusCode(400);
    service
        .as(service.admin)
        .body(
            Map.of(
                "jwk", JsonPath.from(key.toPrivateJwk()).getMap(""), "scopes", List.of("a:b:read")))
        .post("/v1/identities/" + agent.id() + "/keys")
        .then()
        .statusCode(400);
    register(narrow, agent, "a:b:read").statusCode(201);
    register(narrow, agent, "a:b:read").statusCode(409);
    Service foreign = Service.ready();
    register(foreign.admin, agent, "a:b:read").statusCode(404);
  }

  /** Of small order; too short; too long; off the curve; too weak. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'kty':'OKP','crv':'Ed25519','x':'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'",
        "'kty':'OKP','crv':'Ed25519','x':'AA'",
        "'kty':'OKP','crv':'Ed25519','x':'"
            + "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURrXWpgBgrEKt9VL_tPJZAc6DuFy89qmIyWvAhpo9wdRGg'",
        "'kty':'EC','crv':'P-256','x':'AQ','y':'AQ'",
        "'kty':'RSA','n':'AQAB','e':'AQAB'"
      })
  void registersNoKeyByWhichOthersCouldSign(String members) {
    IdentityState agent = service.world.agent(service.org, "a:b:*");

    service
        .as(service.admin)
        .body("{'jwk':{%s},'scopes':['a:b:read']}".formatted(members).replace('\'', '"'))
        .post("/v1/identities/" + agent.id() + "/keys")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/jwk"));
  }

  @Test
  void forgetsAKeyAndRevokesWhatItBroughtForth() {
    List<String> revoked = new CopyOnWriteArrayList<>();
    service.world.peers().on("/internal/v1/revocations", call -> revocation(call.body(), revoked));
    IdentityState agent = service.world.agent(service.org, "a:b:*");
    String id = register(service.admin, agent, "a:b:read").extract().path("id");
    String path = "/v1/identities/" + agent.id() + "/keys";
    service.as(service.admin).get(path).then().body("data", hasSize(1));

    service.as(service.admin).delete(path + "/" + key.kid()).then().statusCode(204);

    service.as(service.admin).get(path).then().body("data", hasSize(0));
    send(jwt(key, header(key), claims(agent))).statusCode(401);
    service.as(service.admin).delete(path + "/" + key.kid()).then().statusCode(404);
    assertThat(revoked)
        .filteredOn(body -> body.contains(id) && body.contains("credential"))
        .singleElement()
        .asString()
        .contains("\"initiator\":\"admin\"");
  }

  @ParameterizedTest
  @EnumSource(
      value = RevocationKind.class,
      names = {"ORGANIZATION", "SPONSOR"})
  void diesWithWhatTheKeyBelongsTo(RevocationKind kind) {
    IdentityState agent = service.world.agent(service.org, "a:b:*");
    register(service.admin, agent, "a:b:read").statusCode(201);
    send(jwt(key, header(key), claims(agent))).statusCode(200);

    service.world.revoke(
        service.org,
        kind,
        kind == RevocationKind.ORGANIZATION ? service.org : agent.sponsorChain().getFirst(),
        false);

    await()
        .untilAsserted(
            () ->
                send(jwt(key, header(key), claims(agent)))
                    .statusCode(401)
                    .body("error", equalTo("invalid_client")));
  }

  static Object revocation(String body, List<String> revoked) {
    revoked.add(body);
    JsonPath order = JsonPath.from(body);
    World world = World.get();
    String org = order.getString("orgId") == null ? "" : order.getString("orgId");
    long sequence =
        world.revoke(
            org,
            RevocationKind.ofWireName(order.getString("type")).orElseThrow(),
            order.getString("targetId"),
            order.getBoolean("closed"));
    return Map.of(
        "id", "rev_x",
        "orgId", org,
        "type", order.getString("type"),
        "targetId", order.getString("targetId"),
        "closed", order.getBoolean("closed"),
        "effectiveAt", Instant.now().toString(),
        "expiresAt", Instant.now().plusSeconds(3600).toString(),
        "revision", sequence);
  }
}
