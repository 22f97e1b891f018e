package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.IdentityState.Type;
import dev.relayauth.common.revision.Revision;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.common.token.Actor;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may set which budget: people and services any, an agent those of its descendants. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class BudgetAuthorityTest extends PolicyServiceTest {
  private static final String MANAGE = "relayauth:budget:manage";

  @Inject Revisions revisions;

  private IdentityState parent;
  private IdentityState child;
  private IdentityState grandchild;
  private IdentityState sibling;
  private IdentityState helper;
  private IdentityState service;
  private IdentityState human;

  @BeforeEach
  void beginWithAFamily() {
    parent = identity(Type.agent, null);
    child = identity(Type.agent, parent);
    grandchild = identity(Type.agent, child);
    sibling = identity(Type.agent, parent);
    helper = identity(Type.service, parent);
    service = identity(Type.service, null);
    human = identity(Type.human, null);
  }

  private IdentityState identity(Type type, @Nullable IdentityState above) {
    IdentityState made = world.identity(org, type, "ws_prod", above, MANAGE);
    String revision = revisions.encode(new Revision(Map.of("identity", made.revision())));
    world
        .peers()
        .on(
            "/internal/v1/budgets/" + org + "/" + made.id() + "/limits",
            call -> Map.of("identity", made, "revision", revision));
    return made;
  }

  private IdentityState named(String name) {
    return switch (name) {
      case "parent" -> parent;
      case "child" -> child;
      case "grandchild" -> grandchild;
      case "sibling" -> sibling;
      case "helper" -> helper;
      case "service" -> service;
      case "human" -> human;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private String path(String target) {
    return switch (target) {
      case "organization" -> "/v1/budgets/organization";
      case "workspace" -> "/v1/budgets/workspaces/ws_prod";
      case "other-workspace" -> "/v1/budgets/workspaces/ws_other";
      case "sponsor" -> "/v1/budgets/sponsors/user_jane";
      case "other-sponsor" -> "/v1/budgets/sponsors/user_other";
      default -> "/v1/identities/" + named(target).id() + "/budget";
    };
  }

  private static Response put(String token, String path) {
    return given()
        .auth()
        .oauth2(token)
        .contentType(ContentType.JSON)
        .body(Map.of("maxCostPerDay", 12))
        .put(path);
  }

  @ParameterizedTest
  @CsvSource({
    "parent, child, 200",
    "parent, grandchild, 200",
    "child, grandchild, 200",
    "parent, parent, 403",
    "child, parent, 403",
    "child, sibling, 403",
    "sibling, grandchild, 403",
    "parent, service, 403",
    "parent, workspace, 403",
    "parent, other-workspace, 403",
    "parent, sponsor, 403",
    "parent, other-sponsor, 403",
    "parent, organization, 403",
    "helper, sibling, 403",
    "helper, organization, 403",
    "service, parent, 200",
    "service, workspace, 200",
    "service, sponsor, 200",
    "service, organization, 200",
    "human, grandchild, 200",
    "human, organization, 200",
    "human, human, 403"
  })
  void setsABudgetOnlyFromAbove(String actor, String target, int status) {
    Response answered = put(world.token(named(actor), MANAGE), path(target));
    assertThat(answered.statusCode()).as(answered.asString()).isEqualTo(status);
    if (status == 403) {
      assertThat(answered.<String>path("code")).isEqualTo("scope_escalation");
    }
  }

  @Test
  void anAgentThatActsForAServiceIsStillAnAgent() {
    Actor agent = new Actor(child.id(), child.sponsorChain(), null);
    String token = world.sign(world.claims(service, MANAGE).act(agent).build());
    assertThat(put(token, path("organization")).statusCode()).isEqualTo(403);
    assertThat(put(token, path("sibling")).statusCode()).isEqualTo(403);
  }

  @Test
  void noAgentCreditsAnybody() {
    String spent = "/v1/budgets/" + child.id();
    assertThat(post(spent + "/spend", Map.of("amount", 3)).statusCode()).isEqualTo(201);
    for (IdentityState actor : List.of(child, sibling, grandchild)) {
      assertThat(credit(actor, spent).<String>path("code")).isEqualTo("scope_escalation");
    }
    assertThat(credit(parent, spent).<String>path("code")).isEqualTo("scope_escalation");
    assertThat(credit(service, spent).statusCode()).isEqualTo(201);
  }

  private Response credit(IdentityState actor, String path) {
    return given()
        .auth()
        .oauth2(world.token(actor, MANAGE))
        .contentType(ContentType.JSON)
        .body(Map.of("amount", 1))
        .post(path + "/credit");
  }
}
