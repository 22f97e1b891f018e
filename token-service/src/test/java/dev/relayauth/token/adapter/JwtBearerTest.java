package dev.relayauth.token.adapter;

import static dev.relayauth.token.adapter.OutsideIssuer.KEY;
import static dev.relayauth.token.adapter.OutsideIssuer.header;
import static dev.relayauth.token.adapter.OutsideIssuer.jwt;
import static dev.relayauth.token.adapter.OutsideIssuer.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class JwtBearerTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private static ValidatableResponse send(String assertion, String... more) {
    var request = OAuth.form(more);
    return request
        .formParam("grant_type", OAuth.JWT_BEARER)
        .formParam("assertion", assertion)
        .post("/oauth/token")
        .then();
  }

  private static Map<String, Object> job() {
    long now = Instant.now().getEpochSecond();
    return Map.of(
        "iss",
        OutsideIssuer.ISSUER,
        "aud",
        OutsideIssuer.AUDIENCE,
        "sub",
        "repo:acme/app:ref:refs/heads/main",
        "iat",
        now,
        "exp",
        now + 300);
  }

  private static Map<String, Object> person() {
    return with(
        job(), "sub", "person:1", "groups", "approvers", "relayauth_id", OutsideIssuer.HUMAN);
  }

  private void publishAgent() {
    IdentityState s = service.world.agent(OutsideIssuer.ORG, "s:t:read", "s:t:write");
    service.world.publish(
        new IdentityState(
            s.orgId(),
            OutsideIssuer.AGENT,
            s.name(),
            s.type(),
            s.status(),
            s.workspaceId(),
            s.sponsorId(),
            List.of("user_jane", OutsideIssuer.AGENT),
            s.scopes(),
            List.of(),
            false,
            Map.of(),
            null,
            null,
            null,
            null,
            s.createdAt(),
            s.updatedAt(),
            service.world.sequence()));
  }

  private SponsorState human(String id, SponsorState.Status status) {
    return new SponsorState(
        OutsideIssuer.ORG,
        id,
        "Ada",
        null,
        status,
        Instant.now(),
        Instant.now(),
        service.world.sequence());
  }

  private void publishHuman(SponsorState.Status status) {
    SponsorState human = human(OutsideIssuer.HUMAN, status);
    service.world.publish(
        Topics.IDENTITY,
        EntityKind.SPONSOR.key(OutsideIssuer.ORG, human.id()),
        "sponsor",
        human.id(),
        human.revision(),
        Json.write(human));
  }

  @Test
  void givesAWorkloadATokenWithoutAStoredSecret() {
    publishAgent();

    String compact =
        send(jwt(KEY, header(KEY), job()), "scope", "s:t:read")
            .statusCode(200)
            .body("scope", equalTo("s:t:read"))
            .extract()
            .path("access_token");

    assertThat(Service.claims(compact))
        .containsEntry("sub", OutsideIssuer.AGENT)
        .containsEntry("org", OutsideIssuer.ORG);
    assertThat(((Number) Service.claims(compact).get("exp")).longValue())
        .isCloseTo(
            ((Number) job().get("exp")).longValue(), org.assertj.core.api.Assertions.within(60L));
    send(jwt(KEY, header(KEY), job())).statusCode(200).body("scope", equalTo("s:t:read s:t:write"));
    send(jwt(KEY, header(KEY), job()), "scope", "x:y:z").body("error", equalTo("invalid_scope"));
  }

  @Test
  void signsAHumanIn() {
    publishHuman(SponsorState.Status.active);
    String assertion = jwt(KEY, header(KEY), person());

    await().untilAsserted(() -> send(assertion).statusCode(200));
    String compact =
        send(assertion, "scope", "relayauth:approval:manage").extract().path("access_token");

    assertThat(Service.claims(compact))
        .containsEntry("sub", OutsideIssuer.HUMAN)
        .containsEntry("sponsorChain", List.of(OutsideIssuer.HUMAN))
        .containsEntry("scope", "relayauth:approval:manage");
    send(assertion, "scope", "relayauth:identity:manage").body("error", equalTo("invalid_scope"));
    publishHuman(SponsorState.Status.offboarded);
    await()
        .untilAsserted(
            () -> send(assertion).statusCode(400).body("error", equalTo("invalid_grant")));
  }

  @Test
  void knowsAHumanWhomOnlyTheIdentityServiceKnowsYet() {
    String added = service.world.id(IdPrefix.SPONSOR);
    String gone = service.world.id(IdPrefix.SPONSOR);
    String route = "/internal/v1/sponsors/" + OutsideIssuer.ORG + "/";
    SponsorState active = human(added, SponsorState.Status.active);
    SponsorState offboarded = human(gone, SponsorState.Status.offboarded);
    service.world.peers().on(route + added, call -> active);
    service.world.peers().on(route + gone, call -> offboarded);

    send(jwt(KEY, header(KEY), with(person(), "relayauth_id", added))).statusCode(200);
    send(jwt(KEY, header(KEY), with(person(), "relayauth_id", gone)))
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
  }

  private static String vouched(String job, String id) {
    return jwt(KEY, header(KEY), with(job(), "sub", "job", "job", job, "relayauth_id", id));
  }

  @Test
  void givesWhoHasNoScopesOnlyWhatTheMappingNames() {
    publishHuman(SponsorState.Status.active);
    String bare =
        service
            .change(service.world.agent(OutsideIssuer.ORG), IdentityState.Status.active, true)
            .id();
    await()
        .untilAsserted(
            () -> send(vouched("named", OutsideIssuer.HUMAN), "scope", "s:t:read").statusCode(200));

    for (String[] scope : new String[][] {{}, {"scope", "*"}, {"scope", "s:t:read"}}) {
      send(vouched("bare", bare), scope)
          .statusCode(400)
          .body("error", equalTo("invalid_scope"))
          .body("error_description", containsString("mapping"));
      send(vouched("bare", OutsideIssuer.HUMAN), scope)
          .statusCode(400)
          .body("error", equalTo("invalid_grant"))
          .body("error_description", containsString("mapping"));
    }
    send(vouched("named", bare)).statusCode(200).body("scope", equalTo("s:t:read s:t:write"));
    send(vouched("named", bare), "scope", "*").body("error", equalTo("invalid_scope"));
  }

  @Test
  void givesAnAgentNoMoreThanItsOwnScopesAndTheMappings() {
    String agent = service.world.agent(OutsideIssuer.ORG, "s:t:read", "u:v:read").id();

    send(vouched("bare", agent)).statusCode(200).body("scope", equalTo("s:t:read u:v:read"));
    send(vouched("bare", agent), "scope", "s:t:write").body("error", equalTo("invalid_scope"));
    send(vouched("named", agent)).statusCode(200).body("scope", equalTo("s:t:read"));
    send(vouched("named", agent), "scope", "u:v:read").body("error", equalTo("invalid_scope"));
  }

  @Test
  void refusesWhatTheIssuerDidNotSayForUsAndForNow() {
    publishAgent();
    long now = Instant.now().getEpochSecond();
    SigningKey other = SigningKey.generate(SigningAlgorithm.RS256);
    List<String> wrong = OutsideIssuer.list("nonsense", "a.b.c");
    for (Object[] change :
        new Object[][] {
          {"iss", "https://evil.example"},
          {"iss", null},
          {"aud", "relayauth"},
          {"aud", null},
          {"sub", "repo:acme/app:ref:refs/heads/main2"},
          {"sub", null},
          {"exp", null},
          {"exp", now - 31},
          {"exp", now - 1},
          {"iat", null},
          {"iat", now + 60},
          {"nbf", now + 60},
          {"exp", now + 90_000},
        }) {
      wrong.add(jwt(KEY, header(KEY), with(job(), change)));
    }
    String id = service.world.agent(OutsideIssuer.ORG, "s:t:read").id();
    Map<String, Object> named = with(job(), "job", "bare", "relayauth_id", id);
    send(jwt(KEY, header(KEY), with(named, "sub", "any"))).statusCode(200);
    wrong.add(jwt(KEY, header(KEY), with(named, "sub", null)));
    wrong.add(jwt(KEY, header(KEY), with(named, "sub", "")));
    wrong.add(jwt(KEY, header(KEY), with(named, "sub", 7)));
    wrong.add(jwt(KEY, header(KEY), with(person(), "groups", "others")));
    wrong.add(jwt(KEY, header(KEY), with(person(), "relayauth_id", null)));
    wrong.add(jwt(KEY, header(KEY), with(person(), "relayauth_id", "user_unknown")));
    wrong.add(jwt(KEY, header(KEY), with(person(), "relayauth_id", "../x")));
    wrong.add(jwt(other, header(KEY), job()));
    wrong.add(jwt(KEY, Map.of("alg", "none", "kid", KEY.kid()), job()));
    wrong.add(jwt(KEY, Map.of("alg", "HS256", "kid", KEY.kid()), job()));

    assertThat(wrong)
        .allSatisfy(text -> send(text).statusCode(400).body("error", equalTo("invalid_grant")));
  }

  @Test
  void refusesAnAssertionThatAnotherClientSends() {
    publishAgent();
    String assertion = jwt(KEY, header(KEY), job());

    send(assertion, "client_id", OutsideIssuer.AGENT).statusCode(200);
    send(assertion, "client_id", service.world.agent(OutsideIssuer.ORG, "s:t:read").id())
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
  }

  @Test
  void asksForKeysOnceAMinuteHoweverManyUnknownKidsCome() {
    publishAgent();
    send(jwt(KEY, header(KEY), job())).statusCode(200);
    int before = OutsideIssuer.FETCHES.get();

    for (int i = 0; i < 20; i++) {
      SigningKey unknown = SigningKey.generate(SigningAlgorithm.EDDSA);
      send(jwt(unknown, header(unknown), job())).body("error", equalTo("invalid_grant"));
    }

    assertThat(OutsideIssuer.FETCHES.get() - before).isLessThanOrEqualTo(1);
  }
}
