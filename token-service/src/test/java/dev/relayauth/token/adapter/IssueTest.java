package dev.relayauth.token.adapter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.OrganizationSettings;
import dev.relayauth.common.event.OrganizationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.Expectations;
import dev.relayauth.common.token.JwsTokenVerifier;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.Verification;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Header;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class IssueTest {
  @Inject RevocationProjection revocations;

  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  @Test
  void issuesAPairThatVerifiesOffline() {
    IdentityState agent =
        service.world.agent(service.org, "stripe:orders:read", "relaycast:channel:write:#billing");

    JsonPath pair =
        service
            .issue(agent)
            .statusCode(201)
            .header("Relay-Revision", not(emptyOrNullString()))
            .header("Cache-Control", "no-store")
            .body("tokenType", equalTo("Bearer"))
            .body("sessionId", startsWith("sess_"))
            .body("scopes", contains("stripe:orders:read", "relaycast:channel:write:#billing"))
            .extract()
            .jsonPath();

    KeySet keys = KeySet.parse(given().get("/.well-known/jwks.json").asString());
    Verification verification =
        new JwsTokenVerifier(keys, CryptoProvider.jdk(), InstantSource.system())
            .verify(pair.getString("accessToken"), Expectations.bearer(World.ISSUER, "stripe"));
    assertThat(verification).isInstanceOf(Verification.Valid.class);
    Verification.Valid valid = (Verification.Valid) verification;
    Claims claims = valid.claims();
    assertThat(valid.type()).isEqualTo(JwtType.JWT);
    assertThat(claims.sub()).isEqualTo(agent.id());
    assertThat(claims.org()).isEqualTo(service.org);
    assertThat(claims.wks()).isEqualTo("ws_prod");
    assertThat(claims.sponsorChain()).containsExactly("user_jane", agent.id());
    assertThat(claims.sponsorId()).isEqualTo("user_jane");
    assertThat(claims.jti()).startsWith("tok_");
    assertThat(claims.sid()).isEqualTo(pair.getString("sessionId"));
    assertThat(claims.aud()).containsExactly("stripe", "relaycast");
    assertThat(claims.lineage()).singleElement().asString().startsWith("ak_");
    assertThat(claims.exp() - claims.iat()).isEqualTo(3600);
    assertThat(Instant.ofEpochSecond(claims.exp()))
        .isEqualTo(Instant.parse(pair.getString("accessTokenExpiresAt")));
  }

  @Test
  void takesTheSnakeCaseOfTheQuickStart() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");

    service
        .issue(
            service.admin, Map.of("identity_id", agent.id(), "org_id", service.org, "ttl", "15m"))
        .statusCode(201);
  }

  @Test
  void givesAScopelessIdentityWhatItsIssuerNames() {
    IdentityState agent = service.issuerScoped();

    service
        .issue(
            service.admin,
            Map.of("identityId", agent.id(), "scopes", List.of("stripe:orders:read")))
        .statusCode(201)
        .body("scopes", contains("stripe:orders:read"));
    service.issue(agent).statusCode(400).body("code", equalTo("validation_failed"));
  }

  @Test
  void namesTheScopeThatTheIdentityLacks() {
    IdentityState agent = service.world.agent(service.org, "stripe:orders:read");

    service
        .issue(
            service.admin,
            Map.of("identityId", agent.id(), "scopes", List.of("stripe:orders:approve")))
        .statusCode(403)
        .body("code", equalTo("insufficient_scope"))
        .body("required", equalTo("stripe:orders:approve"))
        .body("actual", contains("stripe:orders:read"));
  }

  @Test
  void namesTheScopeThatTheCredentialLacks() {
    String narrow = service.apiKey("relayauth:token:create", "a:b:read");
    IdentityState agent = service.world.agent(service.org, "a:b:read", "a:b:write");

    service
        .issue(narrow, Map.of("identityId", agent.id()))
        .statusCode(403)
        .body("required", equalTo("a:b:write"));
    service
        .issue(narrow, Map.of("identityId", agent.id(), "scopes", List.of("a:b:read")))
        .statusCode(201);
  }

  @Test
  void letsABearerIssueAndPutsItInTheLineage() {
    IdentityState issuer = service.world.agent(service.org, "relayauth:token:create", "a:b:c");
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    String bearer = service.pair(issuer).getString("accessToken");

    String issued =
        given()
            .auth()
            .oauth2(bearer)
            .contentType("application/json")
            .body(Map.of("identityId", agent.id()))
            .post("/v1/tokens")
            .then()
            .statusCode(201)
            .extract()
            .path("accessToken");

    List<?> lineage = (List<?>) Service.claims(issued).get("lineage");
    assertThat(lineage).hasSize(4);
    assertThat(lineage.getFirst()).isEqualTo(Service.claims(bearer).get("jti"));
    assertThat(lineage.get(1)).isEqualTo(Service.claims(bearer).get("sid"));
    assertThat(lineage.getLast()).isEqualTo(issuer.id());
  }

  @Test
  void doesNotKnowAnotherTenantsIdentity() {
    IdentityState foreign = service.world.agent(service.world.id(IdPrefix.ORGANIZATION), "a:b:c");

    service.issue(foreign).statusCode(404).body("code", equalTo("identity_not_found"));
  }

  @Test
  void refusesAnOrganisationThatIsNotTheCredentials() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");

    service
        .issue(service.admin, Map.of("identityId", agent.id(), "orgId", "org_other"))
        .statusCode(403)
        .body("code", equalTo("org_mismatch"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent_unknown", "agent_../../x", "nonsense", "user_jane"})
  void doesNotKnowAnIdentityThatIsNotThere(String id) {
    service
        .issue(service.admin, Map.of("identityId", id))
        .statusCode(404)
        .body("code", equalTo("identity_not_found"));
  }

  @Test
  void needsAScopeAndACredential() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    String reader = service.apiKey("relayauth:token:read", "a:b:c");

    service
        .issue(reader, Map.of("identityId", agent.id()))
        .statusCode(403)
        .body("required", equalTo("relayauth:token:create"));
    given()
        .contentType("application/json")
        .body(Map.of("identityId", agent.id()))
        .post("/v1/tokens")
        .then()
        .statusCode(401)
        .body("code", equalTo("missing_authorization"));
    service.issue(service.world.platformKey(), Map.of("identityId", agent.id())).statusCode(403);
  }

  @Test
  void refusesASuspendedIdentity() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    service.change(agent, IdentityState.Status.suspended, false, "a:b:c");

    await()
        .untilAsserted(
            () -> service.issue(agent).statusCode(403).body("code", equalTo("identity_suspended")));
  }

  @Test
  void refusesAnIdentityUnderAClosedEntryAndIssuesAgainAfterAnOpenOne() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    service.world.revoke(service.org, RevocationKind.IDENTITY, agent.id(), true);
    await()
        .untilAsserted(
            () -> service.issue(agent).statusCode(403).body("code", equalTo("identity_suspended")));

    long open = service.world.revoke(service.org, RevocationKind.IDENTITY, agent.id(), false);

    await().untilAsserted(() -> service.issue(agent).statusCode(201));
    String token = service.pair(agent).getString("accessToken");
    assertThat(((Number) Service.claims(token).get("rev")).longValue())
        .isGreaterThanOrEqualTo(open);
  }

  @Test
  void asksTheIdentityServiceOnceAnEntryHasArrivedBeforeTheNarrowerIdentity() {
    IdentityState agent = service.world.agent(service.org, "a:b:read", "a:b:write");
    await().untilAsserted(() -> service.issue(agent).statusCode(201));
    IdentityState narrower = service.world.agent(service.org, "a:b:read");
    service
        .world
        .peers()
        .on(
            "/internal/v1/identities/" + service.org + "/" + agent.id(),
            call -> Map.of("chain", List.of(renamed(narrower, agent, service.world.sequence()))));

    service.world.revoke(service.org, RevocationKind.IDENTITY, agent.id(), false);

    await()
        .untilAsserted(
            () -> service.issue(agent).statusCode(201).body("scopes", contains("a:b:read")));
  }

  @Test
  void waitsForTheFeedWhenAnEntryCameAheadOfIt() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");
    await().untilAsserted(() -> service.issue(agent).statusCode(201));
    long early = service.world.sequence();
    revocations
        .set()
        .applyEarly(
            new RevocationEntry(
                service.org,
                RevocationKind.WORKSPACE,
                "ws_prod",
                early,
                false,
                Instant.now().plusSeconds(3_600)));

    CompletableFuture<String> issued =
        CompletableFuture.supplyAsync(() -> service.pair(agent).getString("accessToken"));
    service.world.revoke(service.org, RevocationKind.WORKSPACE, "ws_prod", false);

    assertThat(((Number) Service.claims(issued.join()).get("rev")).longValue())
        .isGreaterThan(early);
  }

  private static IdentityState renamed(IdentityState s, IdentityState as, long revision) {
    return new IdentityState(
        s.orgId(),
        as.id(),
        as.name(),
        s.type(),
        s.status(),
        s.workspaceId(),
        s.sponsorId(),
        as.sponsorChain(),
        s.scopes(),
        s.roles(),
        s.issuerScoped(),
        s.metadata(),
        null,
        null,
        null,
        null,
        s.createdAt(),
        s.updatedAt(),
        revision);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "RS256"})
  void signsWithTheAlgorithmOfTheOrganisation(String algorithm) {
    long sequence = service.world.sequence();
    OrganizationState state =
        new OrganizationState(
            service.org,
            "Acme",
            null,
            algorithm,
            OrganizationSettings.DEFAULTS,
            Instant.now(),
            Instant.now(),
            sequence);
    service.world.publish(
        Topics.IDENTITY,
        EntityKind.ORGANIZATION.key(service.org, service.org),
        "organization",
        service.org,
        sequence,
        Json.write(state));
    IdentityState agent = service.world.agent(service.org, "a:b:c");

    await()
        .untilAsserted(
            () -> {
              String token = service.pair(agent).getString("accessToken");
              String header =
                  new String(
                      Base64.getUrlDecoder().decode(token.split("\\.")[0]), StandardCharsets.UTF_8);
              assertThat(header).contains("\"alg\":\"" + algorithm + "\"");
              service
                  .as(service.admin)
                  .get("/v1/tokens/introspect?token=" + token)
                  .then()
                  .body("sub", equalTo(agent.id()));
            });
  }

  @Test
  void putsTheIssueOnRecordInTheSameTransaction() {
    IdentityState agent = service.world.agent(service.org, "a:b:c");

    JsonPath pair = service.pair(agent);

    AuditTopic.Entry entry =
        AuditTopic.await(
            e ->
                e.type().equals("dev.relayauth.token.issued.v1")
                    && e.record().orgId().equals(service.org));
    assertThat(entry.record().identityId()).isEqualTo(agent.id());
    assertThat(entry.record().sponsorChain()).containsExactly("user_jane", agent.id());
    assertThat(entry.record().metadata()).containsEntry("sessionId", pair.getString("sessionId"));
    assertThat(entry.record().metadata().get("actorId")).startsWith("ak_");
    assertThat(entry.record().tokenId())
        .isEqualTo(Service.claims(pair.getString("accessToken")).get("jti"));
  }

  @Test
  void issuesAThousandTimesInARowForIdentitiesJustMade() {
    for (int i = 0; i < 1_000; i++) {
      IdentityState agent = service.world.agent(service.org, "a:b:c");
      service.issue(agent).statusCode(201);
    }
  }

  @Test
  void answersAlikeByTheShortWayAndTheLong() {
    IdentityState agent = service.world.agent(service.org, "stripe:orders:read");
    String id = "\"identityId\":\"" + agent.id() + "\"";
    String revision = service.issue(agent).statusCode(201).extract().header("Relay-Revision");
    List<String> bodies =
        List.of(
            "{" + id + "}",
            "{"
                + id
                + ",\"scopes\":[\"stripe:orders:read\"],\"audience\":\"stripe\",\"ttl\":\"5m\"}",
            "{" + id + ",\"scopes\":[\"stripe:orders:write\"]}",
            "{" + id + ",\"scopes\":[]}",
            "{" + id + ",\"scopes\":[\"no scope\"]}",
            "{" + id + ",\"orgId\":\"org_other\"}",
            "{" + id + "," + id + "}",
            "{" + id + ",\"ttl\":{}}",
            "{" + id + "} {}",
            "{\"identityId\":\"agent_nobody\"}",
            "{\"identityId\":7}",
            "{",
            "[]",
            "null",
            "{}");

    assertThat(bodies)
        .allSatisfy(
            body -> {
              Response brief = send(body, Map.of());
              Response full = send(body, Map.of("Relay-Revision", revision));
              assertThat(brief.statusCode()).isEqualTo(full.statusCode());
              assertThat(shape(brief)).isEqualTo(shape(full));
              assertThat(brief.headers().asList())
                  .extracting(Header::getName)
                  .map(String::toLowerCase)
                  .containsExactlyInAnyOrderElementsOf(
                      full.headers().asList().stream()
                          .map(header -> header.getName().toLowerCase(Locale.ROOT))
                          .toList());
              assertThat(brief.contentType()).isEqualTo(full.contentType());
            });
  }

  private Response send(String body, Map<String, String> headers) {
    return service.as(service.admin).headers(headers).body(body).post("/v1/tokens");
  }

  /** The members of a pair, or the whole of a refusal but for its request. */
  private static Object shape(Response answer) {
    return answer.statusCode() == 201
        ? List.copyOf(answer.jsonPath().getMap("").keySet())
        : answer.asString().replaceAll("req_[A-Za-z0-9_-]+", "req");
  }

  @Test
  void putsARefusalByTheShortWayOnRecord() {
    IdentityState agent = service.world.agent(service.org, "stripe:orders:read");
    service.issue(agent).statusCode(201);

    send("{\"identityId\":\"%s\",\"scopes\":[\"a:b:c\"]}".formatted(agent.id()), Map.of());

    assertThat(
            AuditTopic.await(
                    entry ->
                        entry.record().orgId().equals(service.org)
                            && entry.record().action().equals("scope.denied"))
                .record()
                .metadata())
        .containsEntry("scope", "a:b:c");
  }
}
