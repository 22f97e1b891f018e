package dev.relayauth.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent revokes itself and those under it, whatever its scopes. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "revocation"))
class AgentReachTest {
  private final Fixture fixture = new Fixture();
  private IdentityState parent;
  private IdentityState self;
  private IdentityState child;
  private IdentityState sibling;

  @BeforeEach
  void beginWithAFamily() {
    parent = known(fixture.world.agent(fixture.org, "*"));
    self = known(fixture.world.agent(fixture.org, parent, "*"));
    child = known(fixture.world.agent(fixture.org, self, "*"));
    sibling = known(fixture.world.agent(fixture.org, parent, "*"));
  }

  private IdentityState known(IdentityState state) {
    fixture.knowsToken("tok_of" + state.id(), state, "sess_of" + state.id(), 0);
    return state;
  }

  private ValidatableResponse asSelf(String path, Map<String, ?> body) {
    return Fixture.bearer(fixture.world.token(self, "*"))
        .contentType(ContentType.JSON)
        .body(body)
        .post(path)
        .then();
  }

  private static void refused(ValidatableResponse answer) {
    answer.statusCode(403).body("code", equalTo("scope_escalation"));
  }

  @Test
  void revokesNothingOfThoseAboveIt() {
    refused(asSelf("/v1/tokens/revoke", Map.of("identityId", parent.id())));
    refused(asSelf("/v1/tokens/revoke", Map.of("tokenId", "tok_of" + parent.id())));
    refused(asSelf("/v1/tokens/revoke", Map.of("sessionId", "sess_of" + parent.id())));
    refused(asSelf("/v1/revocations", Map.of("type", "identity", "id", parent.id())));
    fixture.knowsEntity("sponsor", "user_jane");
    refused(asSelf("/v1/revocations", Map.of("type", "sponsor", "id", "user_jane")));
    fixture.knowsEntity("workspace", parent.workspaceId());
    refused(asSelf("/v1/revocations", Map.of("type", "workspace", "id", parent.workspaceId())));
    fixture.knowsEntity("organization", fixture.org);
    refused(asSelf("/v1/revocations", Map.of("type", "organization", "id", fixture.org)));
  }

  @Test
  void revokesWhatItsScopesSayAndThenItself() {
    asSelf("/v1/tokens/revoke", Map.of("tokenId", "tok_of" + sibling.id())).statusCode(204);
    asSelf("/v1/tokens/revoke", Map.of("tokenId", "tok_of" + child.id())).statusCode(204);
    asSelf("/v1/revocations", Map.of("type", "identity", "id", child.id())).statusCode(201);
    fixture.answer(
        "/internal/v1/entities/" + fixture.org + "/workspace_token/ak_of_mine",
        Map.of("exists", true, "sponsorChain", self.sponsorChain()));
    asSelf("/v1/tokens/revoke", Map.of("tokenId", "ak_of_mine")).statusCode(204);
    fixture.knowsEntity("workspace", "ws_elsewhere");
    asSelf("/v1/revocations", Map.of("type", "workspace", "id", "ws_elsewhere")).statusCode(201);
    asSelf("/v1/tokens/revoke", Map.of("identityId", self.id())).statusCode(204);
  }

  @Test
  void revokesNoWorkspaceTokenThatNamesNobody() {
    fixture.answer(
        "/internal/v1/entities/" + fixture.org + "/workspace_token/ak_of_admins",
        Map.of("exists", true, "sponsorChain", List.of("user_bob")));

    refused(asSelf("/v1/tokens/revoke", Map.of("tokenId", "ak_of_admins")));
    refused(asSelf("/v1/revocations", Map.of("type", "token", "id", "ak_of_admins")));
    fixture.revokeTokens(Map.of("tokenId", "ak_of_admins")).statusCode(204);
  }

  @Test
  void revokesTheWorkspaceTokensOfThoseUnderIt() {
    fixture.answer(
        "/internal/v1/entities/" + fixture.org + "/workspace_token/ak_of_child",
        Map.of("exists", true, "sponsorChain", child.sponsorChain()));

    asSelf("/v1/tokens/revoke", Map.of("tokenId", "ak_of_child")).statusCode(204);
  }

  @Test
  void asksOnceWhoStandsAboveIt() {
    AtomicInteger asked = new AtomicInteger();
    fixture
        .world
        .peers()
        .on(
            "/internal/v1/identities/" + fixture.org + "/" + self.id(),
            call -> {
              asked.incrementAndGet();
              return Map.of("chain", List.of(parent, self));
            });
    fixture.knowsEntity("workspace", parent.workspaceId());

    refused(asSelf("/v1/revocations", Map.of("type", "workspace", "id", parent.workspaceId())));

    assertThat(asked).hasValue(1);
  }

  @Test
  void takesBackOnlyWhatItHasItselfRevokedOfThoseUnderIt() {
    String ofSibling = revocation(sibling);
    String ofChild = revocation(child);
    refused(withdraw(ofSibling));
    // What a person has revoked is not an agent's to give back.
    refused(withdraw(ofChild));
    IdentityState helper = known(fixture.world.agent(fixture.org, self, "*"));
    String own =
        asSelf("/v1/revocations", Map.of("type", "identity", "id", helper.id()))
            .statusCode(201)
            .extract()
            .path("id");
    withdraw(own).statusCode(204);
  }

  private String revocation(IdentityState identity) {
    return fixture
        .revoke(Map.of("type", "identity", "id", identity.id()))
        .statusCode(201)
        .extract()
        .path("id");
  }

  private ValidatableResponse withdraw(String id) {
    return Fixture.bearer(fixture.world.token(self, "*")).delete("/v1/revocations/" + id).then();
  }
}
