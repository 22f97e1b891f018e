package dev.relayauth.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.Claims;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "revocation"))
class RevocationsTest {
  private final Fixture fixture = new Fixture();

  @Inject RevocationProjection projection;

  @Test
  void waitAllAnswersWithTheMeasuredTimeAndNothingIsPermittedAfterIt() {
    IdentityState agent = fixture.world.agent(fixture.org);
    Claims claims = fixture.world.claims(agent, "relayauth:revocation:read").rev(0).build();
    String token = fixture.world.sign(claims);

    fixture
        .revoke(Map.of("type", "identity", "id", agent.id(), "reason", "stolen", "wait", "all"))
        .statusCode(201)
        .body("id", startsWith("rev_"))
        .body("acknowledged.verifiers", greaterThanOrEqualTo(1))
        .body("acknowledged.maxMillis", greaterThanOrEqualTo(1));

    Fixture.bearer(token).get("/v1/revocations").then().statusCode(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sponsor", "workspace"})
  void sponsorsAndWorkspacesAreTheTenantsOwn(String type) {
    fixture.knowsEntity(type, "shared_name");
    Fixture other = new Fixture();

    fixture
        .revoke(Map.of("type", type, "id", "shared_name"))
        .statusCode(201)
        .body("acknowledged", nullValue());

    RevocationKind kind = RevocationKind.ofWireName(type).orElseThrow();
    await().until(() -> projection.set().find(fixture.org, kind, "shared_name").isPresent());
    assertThat(projection.set().find(other.org, kind, "shared_name")).isEmpty();
    other.revoke(Map.of("type", type, "id", "shared_name")).statusCode(404);
  }

  @Test
  void anOrganisationRevokesItselfOnly() {
    Fixture other = new Fixture();

    fixture.revoke(Map.of("type", "organization", "id", other.org)).statusCode(404);
    fixture.revoke(Map.of("type", "organization", "id", fixture.org)).statusCode(201);
  }

  @Test
  void aSigningKeyIsRevokedByThePlatformKeyAloneAndForGood() {
    String kid = "kid_" + fixture.org;
    fixture.answer("/internal/v1/keys/" + kid, Map.of());

    fixture
        .revoke(Map.of("type", "key", "id", kid))
        .statusCode(403)
        .body("code", equalTo("insufficient_scope"))
        .body("required", equalTo("the platform key"))
        .body("actual", equalTo(List.of("*")));
    String id =
        fixture
            .platform()
            .body(Map.of("type", "key", "id", kid))
            .post("/v1/revocations")
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    fixture
        .platform()
        .get("/v1/revocations/" + id)
        .then()
        .statusCode(200)
        .body("closed", equalTo(true));
    fixture.admin().get("/v1/revocations/" + id).then().statusCode(404);
  }

  @Test
  void thePlatformKeyRevokesNothingOfATenant() {
    fixture
        .platform()
        .body(Map.of("type", "identity", "id", "agent_x"))
        .post("/v1/revocations")
        .then()
        .statusCode(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":\"token\"}",
        "{\"type\":\"nonsense\",\"id\":\"x\"}",
        "{\"type\":\"credential\",\"id\":\"x\"}",
        "{\"type\":\"token\",\"id\":\"x\",\"wait\":\"some\"}",
        "{\"type\":\"token\",\"id\":true}",
        "nonsense"
      })
  void badInputIs400(String body) {
    fixture
        .admin()
        .body(body)
        .post("/v1/revocations")
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }

  @Test
  void everyProblemOfABodyIsNamed() {
    fixture
        .revoke(Map.of("type", "nonsense", "reason", "x".repeat(501)))
        .statusCode(400)
        .body("detail", containsString("/type"))
        .body("detail", containsString("/id"))
        .body("detail", containsString("/reason"));
  }

  @Test
  void whileTheOwnersAreAwayARevocationIs503() {
    fixture
        .world
        .peers()
        .on(
            "/internal/v1/entities/" + fixture.org,
            call -> {
              throw new IllegalStateException("the peer fails");
            });

    fixture.revoke(Map.of("type", "sponsor", "id", "user_x")).statusCode(503);
  }

  @Test
  void listsWhatIsInForceNewestFirstInPagesWithoutGapsOrDuplicates() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      fixture.knowsEntity("sponsor", "user_" + i);
      made.addFirst(
          fixture
              .revoke(Map.of("type", "sponsor", "id", "user_" + i, "reason", "r" + i))
              .extract()
              .path("id"));
    }

    List<String> read = new ArrayList<>();
    String cursor = null;
    do {
      var request = fixture.admin().queryParam("limit", 3).queryParam("type", "sponsor");
      var page =
          (cursor == null ? request : request.queryParam("cursor", cursor))
              .get("/v1/revocations")
              .then()
              .statusCode(200)
              .extract();
      read.addAll(page.path("data.id"));
      cursor = page.path("cursor");
    } while (cursor != null);

    assertThat(read).isEqualTo(made);
    String ofSponsors =
        fixture
            .admin()
            .get("/v1/revocations?type=sponsor&limit=1")
            .then()
            .statusCode(200)
            .extract()
            .path("cursor");
    for (String other : List.of("", "type=identity&")) {
      fixture
          .admin()
          .get("/v1/revocations?" + other + "cursor=" + ofSponsors)
          .then()
          .statusCode(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"limit=0", "limit=201", "limit=x", "cursor=x", "cursor=MS4xLgA", "type=nonsense"})
  void badListParametersAre400(String query) {
    fixture.admin().get("/v1/revocations?" + query).then().statusCode(400);
  }

  @Test
  void revokingAgainReplacesTheEntryInForceAndKeepsTheOldOneReadable() {
    fixture.knowsEntity("sponsor", "user_twice");
    Map<String, String> body = Map.of("type", "sponsor", "id", "user_twice");
    String first = fixture.revoke(body).statusCode(201).extract().path("id");
    String second = fixture.revoke(body).statusCode(201).extract().path("id");

    List<String> listed = fixture.admin().get("/v1/revocations").path("data.id");

    assertThat(listed).containsExactly(second);
    fixture
        .admin()
        .get("/v1/revocations/" + first)
        .then()
        .statusCode(200)
        .body("supersededBy", equalTo(second));
    fixture
        .admin()
        .get("/v1/revocations/" + second)
        .then()
        .statusCode(200)
        .body("supersededBy", nullValue());
    new Fixture().admin().get("/v1/revocations/" + first).then().statusCode(404);
    fixture.admin().get("/v1/revocations/rev_%00").then().statusCode(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sponsor", "workspace"})
  void takingASecondRevocationBackLeavesTheFirstInForce(String type) {
    fixture.knowsEntity(type, "shared");
    Map<String, String> body = Map.of("type", type, "id", "shared");
    String first = fixture.revoke(body).statusCode(201).extract().path("id");
    String second = fixture.revoke(body).statusCode(201).extract().path("id");

    withdraw(second).statusCode(409).body("detail", containsString(first));

    fixture.admin().get("/v1/revocations/" + first).then().statusCode(200);
    fixture.admin().get("/v1/revocations/" + second).then().statusCode(200);
    RevocationKind kind = RevocationKind.ofWireName(type).orElseThrow();
    withdraw(first).statusCode(204);
    fixture.admin().get("/v1/revocations/" + first).then().statusCode(404);
    withdraw(first).statusCode(404);
    await().until(() -> projection.set().find(fixture.org, kind, "shared").isPresent());
    withdraw(second).statusCode(204);
    await().until(() -> projection.set().find(fixture.org, kind, "shared").isEmpty());
  }

  @Test
  void whatTokensRevokeKilledStaysDeadWhenALaterRevocationIsTakenBack() {
    IdentityState agent = fixture.world.agent(fixture.org);
    Claims claims = fixture.world.claims(agent, "relayauth:revocation:read").rev(0).build();
    fixture.revokeTokens(Map.of("identityId", agent.id())).statusCode(204);
    String second =
        fixture
            .revoke(Map.of("type", "identity", "id", agent.id(), "wait", "all"))
            .statusCode(201)
            .extract()
            .path("id");

    withdraw(second).statusCode(409).body("code", equalTo("conflict"));

    String token = fixture.world.sign(claims);
    Fixture.bearer(token).get("/v1/revocations").then().statusCode(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "session"})
  void anEntryEndsFiveMinutesAfterTheLastTokenThatItKills(String type) {
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(600);
    String jti = fixture.world.id(IdPrefix.TOKEN);
    String sid = fixture.world.id(IdPrefix.SESSION);
    Instant other = end.plusSeconds(7_000);
    boolean ofToken = type.equals("token");
    fixture.knowsEnds(jti, sid, ofToken ? end : other, ofToken ? other : end);

    String id =
        fixture
            .revoke(Map.of("type", type, "id", ofToken ? jti : sid))
            .statusCode(201)
            .extract()
            .path("id");

    String expiresAt = fixture.admin().get("/v1/revocations/" + id).path("expiresAt");
    assertThat(Instant.parse(expiresAt)).isEqualTo(end.plusSeconds(300));
  }

  @Test
  void thePlatformKeyFindsWhatItMayTakeBack() {
    Fixture other = new Fixture();
    fixture.knowsEntity("organization", fixture.org);
    String id =
        fixture
            .revoke(Map.of("type", "organization", "id", fixture.org))
            .statusCode(201)
            .extract()
            .path("id");

    fixture
        .platform()
        .get("/v1/revocations/" + id)
        .then()
        .statusCode(200)
        .body("orgId", equalTo(fixture.org))
        .body("type", equalTo("organization"));
    fixture
        .platform()
        .queryParam("orgId", fixture.org)
        .get("/v1/revocations")
        .then()
        .statusCode(200)
        .body("data.id", equalTo(List.of(id)));
    fixture.platform().get("/v1/revocations").then().body("data.id", not(hasItem(id)));
    other.admin().get("/v1/revocations/" + id).then().statusCode(404);
    other
        .admin()
        .queryParam("orgId", fixture.org)
        .get("/v1/revocations")
        .then()
        .statusCode(403)
        .body("code", equalTo("org_mismatch"));
    fixture.platform().delete("/v1/revocations/" + id).then().statusCode(204);
    fixture.platform().get("/v1/revocations/" + id).then().statusCode(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "sponsor", "workspace", "organization"})
  void takingTheOnlyRevocationBackRevivesWhatItKilled(String type) {
    IdentityState agent = fixture.world.agent(fixture.org);
    Claims claims = fixture.world.claims(agent, "relayauth:revocation:read").rev(0).build();
    String token = fixture.world.sign(claims);
    String target =
        switch (type) {
          case "identity" -> agent.id();
          case "sponsor" -> claims.sponsorChain().getFirst();
          case "workspace" -> agent.workspaceId();
          default -> fixture.org;
        };
    fixture.knowsEntity(type, target);
    String id =
        fixture
            .revoke(Map.of("type", type, "id", target, "wait", "all"))
            .statusCode(201)
            .extract()
            .path("id");
    Fixture.bearer(token).get("/v1/revocations").then().statusCode(401);

    // The admin's own key dies with its sponsor and its organisation.
    fixture.platform().delete("/v1/revocations/" + id).then().statusCode(204);

    await().until(() -> Fixture.bearer(token).get("/v1/revocations").statusCode() == 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "session"})
  void aTokenOrSessionIsNeverGivenBack(String type) {
    IdentityState agent = fixture.world.agent(fixture.org);
    Claims claims = fixture.world.claims(agent, "relayauth:revocation:read").rev(0).build();
    fixture.knowsToken(claims.jti(), agent, claims.sid(), 0);
    String id =
        fixture
            .revoke(
                Map.of(
                    "type",
                    type,
                    "id",
                    type.equals("token") ? claims.jti() : claims.sid(),
                    "wait",
                    "all"))
            .statusCode(201)
            .extract()
            .path("id");

    withdraw(id).statusCode(409).body("code", equalTo("conflict"));

    String token = fixture.world.sign(claims);
    Fixture.bearer(token).get("/v1/revocations").then().statusCode(401);
  }

  private ValidatableResponse withdraw(String id) {
    return fixture.admin().delete("/v1/revocations/" + id).then();
  }
}
