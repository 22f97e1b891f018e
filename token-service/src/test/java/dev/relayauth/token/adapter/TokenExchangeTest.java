package dev.relayauth.token.adapter;

import static dev.relayauth.token.adapter.OAuth.exchange;
import static dev.relayauth.token.adapter.OAuth.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class TokenExchangeTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private final List<IdentityState> agents = new ArrayList<>();

  private String tokenOf(String... scopes) {
    return tokenOf(service.world.agent(service.org, scopes));
  }

  private String tokenOf(IdentityState agent, Object... members) {
    agents.add(agent);
    return service.pair(agent, members).getString("accessToken");
  }

  private static String granted(ValidatableResponse answer) {
    return answer.statusCode(200).extract().path("access_token");
  }

  private void refused(String error, ValidatableResponse answer) {
    answer.statusCode(400).body("error", equalTo(error));
  }

  @Test
  @SuppressWarnings("unchecked")
  void keepsAllActorsAndTheSponsorsThroughAChain() {
    String a = tokenOf("s:t:read", "s:t:write");
    String b = tokenOf("s:t:*");
    String c = tokenOf("s:t:read");

    String ab = granted(exchange(a, b, ""));
    String abc = granted(exchange(ab, c, "s:t:read"));

    assertThat(OAuth.header(abc)).containsEntry("typ", "at+jwt");
    Map<String, Object> claims = Service.claims(abc);
    assertThat(claims)
        .containsEntry("sub", agents.get(0).id())
        .containsEntry("sponsorChain", agents.get(0).sponsorChain())
        .containsEntry("client_id", agents.get(2).id())
        .containsEntry("scope", "s:t:read")
        .containsEntry("parentTokenId", Service.claims(ab).get("jti"));
    Map<String, Object> outer = (Map<String, Object>) claims.get("act");
    assertThat(outer)
        .containsEntry("sub", agents.get(2).id())
        .containsEntry("sponsorChain", agents.get(2).sponsorChain());
    assertThat((Map<String, Object>) outer.get("act"))
        .containsEntry("sub", agents.get(1).id())
        .doesNotContainKey("act");
    List<String> lineage = (List<String>) claims.get("lineage");
    for (String link : List.of(a, b, ab, c)) {
      assertThat(lineage)
          .contains(
              (String) Service.claims(link).get("jti"), (String) Service.claims(link).get("sid"));
    }
    AuditTopic.Entry entry = AuditTopic.await(e -> claims.get("jti").equals(e.record().tokenId()));
    assertThat(entry.record().action()).isEqualTo("token.exchanged");
    assertThat(entry.record().metadata())
        .containsEntry("actors", agents.get(2).id() + " " + agents.get(1).id());
  }

  @Test
  void givesNothingThatOneOfThemLacks() {
    String a = tokenOf("s:t:read", "s:t:write");
    String b = tokenOf("s:t:read", "x:y:z");

    assertThat(Service.claims(granted(exchange(a, b, "")))).containsEntry("scope", "s:t:read");
    refused("invalid_scope", exchange(a, b, "s:t:write"));
    refused("invalid_scope", exchange(a, b, "x:y:z"));
    refused("invalid_scope", exchange(a, b, "*"));
    refused("invalid_scope", exchange(a, tokenOf("x:y:z"), ""));
  }

  @Test
  void isForThoseWhomTheSubjectIsForAndForNobodyElse() {
    String a =
        tokenOf(
            service.world.agent(
                service.org, "s:t:read", "u:v:read", "w:x:read", "relayauth:token:read"),
            "audience",
            List.of("u", "w"));
    String b = tokenOf("s:t:*", "u:v:*", "w:x:*", "relayauth:token:read");

    assertThat(Service.claims(granted(exchange(a, b, "")))).containsEntry("aud", List.of("u", "w"));
    String narrower = granted(exchangeFor("u", a, b));
    assertThat(Service.claims(narrower)).containsEntry("aud", List.of("u"));
    for (String other : List.of("s", "relayauth", OutsideIssuer.RESOURCE)) {
      refused("invalid_target", exchangeFor(other, a, b));
      refused("invalid_target", exchangeFor(other, a, a));
    }
    refused("invalid_target", exchangeFor("w", narrower, b));
    refused("invalid_target", exchange(a, b, "s:t:read"));
  }

  @Test
  void isForOthersOfTheScopesWhenTheActorAuthenticates() {
    String a =
        tokenOf(
            service.world.agent(service.org, "s:t:read", "u:v:read", "relayauth:token:read"),
            "audience",
            List.of("u"));
    IdentityState actor =
        service.world.agent(service.org, "s:t:*", "u:v:*", "relayauth:token:read");
    String b = tokenOf(actor);
    String secret = OAuth.secret(actor, "*").key();

    for (String other : List.of("s", OutsideIssuer.RESOURCE)) {
      assertThat(Service.claims(granted(exchangeFor(other, a, b, actor.id(), secret))))
          .containsEntry("aud", List.of(other));
    }
    refused("invalid_target", exchangeFor("relayauth", a, b, actor.id(), secret));
    exchangeFor("s", a, b, actor.id(), secret + "x")
        .statusCode(401)
        .body("error", equalTo("invalid_client"));
  }

  private static ValidatableResponse exchangeFor(String audience, String subject, String actor) {
    return OAuth.exchangeForm(subject, actor, "audience", audience).post("/oauth/token").then();
  }

  private static ValidatableResponse exchangeFor(
      String audience, String subject, String actor, String client, String secret) {
    return OAuth.exchangeForm(
            subject, actor, "audience", audience, "client_id", client, "client_secret", secret)
        .post("/oauth/token")
        .then();
  }

  @Test
  void outlivesNeitherOfThem() {
    String a = tokenOf(service.world.agent(service.org, "s:t:read"), "ttl", 120);
    String b = tokenOf(service.world.agent(service.org, "s:t:read"), "ttl", 90);

    int end = (int) Service.claims(granted(exchange(a, b, ""))).get("exp");

    assertThat(end).isEqualTo((int) Service.claims(b).get("exp"));
  }

  @Test
  void wantsAnActorWithATokenOfItsOwn() {
    String a = tokenOf("s:t:read");
    String b = tokenOf("s:t:read");
    String ab = granted(exchange(a, b, ""));

    refused(
        "invalid_request",
        token(
            "grant_type",
            OAuth.EXCHANGE,
            "subject_token",
            a,
            "subject_token_type",
            OAuth.ACCESS_TOKEN));
    refused("invalid_request", exchange(a, "nonsense", ""));
    refused("invalid_request", exchange("nonsense", b, ""));
    refused("invalid_request", exchange(a, ab, ""));
    refused("invalid_request", exchange(a, b + "x", ""));
  }

  @Test
  void refusesARogueActor() {
    IdentityState named = service.world.agent(service.org, "s:t:read");
    IdentityState alsoNamed = service.world.agent(service.org, "s:t:read");
    String a =
        tokenOf(
            service.world.agent(service.org, "s:t:read"),
            "mayAct",
            Map.of("sub", List.of(named.id(), alsoNamed.id())));
    String rogue = tokenOf("s:t:read");
    Service other = Service.ready();
    String foreign = other.pair(other.world.agent(other.org, "s:t:read")).getString("accessToken");

    exchange(a, rogue, "")
        .statusCode(400)
        .body("error", equalTo("invalid_request"))
        .body("error_description", containsString("may_act"));
    refused("invalid_request", exchange(a, foreign, ""));
    String delegated = granted(exchange(a, tokenOf(named), ""));
    refused("invalid_request", exchange(delegated, rogue, ""));
    assertThat(granted(exchange(delegated, tokenOf(alsoNamed), ""))).isNotEmpty();
  }

  @Test
  void keepsMayActThroughARefresh() {
    IdentityState named = service.world.agent(service.org, "s:t:read");
    IdentityState agent = service.world.agent(service.org, "s:t:read");
    String refresh =
        service.pair(agent, "mayAct", Map.of("sub", named.id())).getString("refreshToken");

    String next = service.refresh(refresh).statusCode(200).extract().path("accessToken");

    assertThat(Service.claims(next)).containsEntry("may_act", Map.of("sub", named.id()));
    refused("invalid_request", exchange(next, tokenOf("s:t:read"), ""));
  }

  @Test
  void keepsMayActInWhatATokenIssues() {
    IdentityState named = service.world.agent(service.org, "s:t:read");
    IdentityState agent = service.world.agent(service.org, "s:t:read", "relayauth:token:create");
    String a = tokenOf(agent, "mayAct", Map.of("sub", named.id()));

    String issued =
        Service.issueBy(a, Map.of("identityId", agent.id()))
            .statusCode(201)
            .extract()
            .path("accessToken");

    assertThat(Service.claims(issued)).containsEntry("may_act", Map.of("sub", named.id()));
    refused("invalid_request", exchange(issued, tokenOf("s:t:read"), ""));
    Service.issueBy(
            a, Map.of("identityId", agent.id(), "mayAct", Map.of("sub", agents.get(1).id())))
        .statusCode(403)
        .body("code", equalTo("scope_escalation"));
  }

  @Test
  void diesWithAnyLink() {
    String a = tokenOf("s:t:read");
    String b = tokenOf("s:t:read");
    String c = tokenOf("s:t:read");
    String ab = granted(exchange(a, b, ""));
    String abc = granted(exchange(ab, c, ""));
    Map<String, Object> link = Service.claims(b);
    service.world.revoke(service.org, RevocationKind.SESSION, (String) link.get("sid"), true);

    await().untilAsserted(() -> assertThat(service.active(abc)).isFalse());
    assertThat(service.active(ab)).isFalse();
    assertThat(service.active(a)).isTrue();
    refused("invalid_request", exchange(ab, c, ""));
    refused("invalid_request", exchange(a, b, ""));
  }

  @Test
  void diesWithAnActorInTheMiddle() {
    String a = tokenOf("s:t:read");
    String ab = granted(exchange(a, tokenOf("s:t:read"), ""));
    String abc = granted(exchange(ab, tokenOf("s:t:read"), ""));
    service.world.revoke(service.org, RevocationKind.IDENTITY, agents.get(1).id(), true);

    await().untilAsserted(() -> assertThat(service.active(abc)).isFalse());
    assertThat(service.active(a)).isTrue();
  }

  @Test
  void endsAfterTenActors() {
    String current = tokenOf("s:t:read");
    for (int i = 0; i < 10; i++) {
      current = granted(exchange(current, tokenOf("s:t:read"), ""));
    }
    assertThat(service.active(current)).isTrue();

    refused("invalid_request", exchange(current, tokenOf("s:t:read"), ""));
  }

  @Test
  void takesAndGivesAccessTokensOnly() {
    String a = tokenOf("s:t:read");

    for (String[] types :
        new String[][] {
          {"urn:ietf:params:oauth:token-type:saml2", OAuth.ACCESS_TOKEN},
          {OAuth.ACCESS_TOKEN, "urn:ietf:params:oauth:token-type:refresh_token"},
        }) {
      refused(
          "invalid_request",
          token(
              "grant_type",
              OAuth.EXCHANGE,
              "subject_token",
              a,
              "subject_token_type",
              types[0],
              "actor_token",
              a,
              "actor_token_type",
              OAuth.ACCESS_TOKEN,
              "requested_token_type",
              types[1]));
    }
  }
}
