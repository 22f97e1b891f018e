package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every route against every kind of credential: none but the one that is listed gets in. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class CredentialMatrixTest extends PolicyServiceTest {
  @ParameterizedTest
  @CsvSource({
    "POST, /v1/roles, relayauth:role:manage, relayauth:role:read",
    "GET, /v1/roles, relayauth:role:read, relayauth:policy:read",
    "GET, /v1/roles/role_x, relayauth:role:read, relayauth:policy:read",
    "PATCH, /v1/roles/role_x, relayauth:role:manage, relayauth:role:read",
    "DELETE, /v1/roles/role_x, relayauth:role:manage, relayauth:role:read",
    "POST, /v1/policies, relayauth:policy:manage, relayauth:policy:read",
    "GET, /v1/policies, relayauth:policy:read, relayauth:role:read",
    "GET, /v1/policies/pol_x, relayauth:policy:read, relayauth:role:read",
    "PATCH, /v1/policies/pol_x, relayauth:policy:manage, relayauth:policy:read",
    "DELETE, /v1/policies/pol_x, relayauth:policy:manage, relayauth:policy:read",
    "GET, /v1/approvals, relayauth:approval:read, relayauth:policy:read",
    "GET, /v1/approvals/apr_x, relayauth:approval:read, relayauth:policy:read",
    "GET, /v1/policy-tests, relayauth:policy:read, relayauth:role:read",
    "POST, /v1/policy-tests, relayauth:policy:manage, relayauth:policy:read",
    "GET, /v1/policy-tests/x, relayauth:policy:read, relayauth:role:read",
    "DELETE, /v1/policy-tests/x, relayauth:policy:manage, relayauth:policy:read",
    "POST, /v1/policy-tests:run, relayauth:policy:read, relayauth:role:read",
    "POST, /v1/policies:simulate, relayauth:*:read, relayauth:policy:read",
    "GET, /v1/decisions/dec_x, relayauth:audit:read, relayauth:policy:read",
    "POST, /v1/decisions/dec_x:replay, relayauth:*:read, relayauth:audit:read",
    "POST, /v1/policies/evaluate, relayauth:scope:read, relayauth:policy:manage",
    "POST, /v1/authorize, relayauth:scope:read, relayauth:token:read",
    "POST, /v1/authorize/batch, relayauth:scope:read, relayauth:token:read",
    "POST, /v1/search/identities, relayauth:scope:read, relayauth:token:read",
    "POST, /v1/search/scopes, relayauth:scope:read, relayauth:token:read",
    "POST, /v1/search/agents, relayauth:scope:read, relayauth:token:read",
    "POST, /v1/scopes/validate, relayauth:scope:read, relayauth:token:read",
    "POST, /v1/scopes/check, relayauth:scope:read, relayauth:token:read",
    "GET, /v1/scopes/templates, relayauth:scope:read, relayauth:token:read",
    "POST, /v1/identities/agent_x/roles, relayauth:*:manage, relayauth:identity:manage",
    "GET, /v1/identities/agent_x/roles, relayauth:*:read, relayauth:identity:read",
    "DELETE, /v1/identities/agent_x/roles/role_x, relayauth:*:manage, relayauth:role:manage",
    "GET, /v1/identities/agent_x/budget, relayauth:budget:read, relayauth:identity:read",
    "PUT, /v1/identities/agent_x/budget, relayauth:budget:manage, relayauth:budget:read",
    "GET, /v1/budgets/organization, relayauth:budget:read, relayauth:organization:read",
    "PUT, /v1/budgets/workspaces/ws_missing, relayauth:budget:manage, relayauth:budget:read",
    "GET, /v1/budgets/workspaces/ws_x, relayauth:budget:read, relayauth:workspace:read",
    "GET, /v1/budgets/sponsors/user_x, relayauth:budget:read, relayauth:sponsor:read",
    "PUT, /v1/budgets/sponsors/user_missing, relayauth:budget:manage, relayauth:budget:read",
    "POST, /v1/budgets/agent_x/reservations, relayauth:budget:manage, relayauth:budget:read",
    "POST, /v1/budgets/agent_x/reservations/bud_x/commit, relayauth:budget:manage, relayauth:token:manage",
    "POST, /v1/budgets/agent_x/reservations/bud_x/void, relayauth:budget:manage, relayauth:budget:read",
    "POST, /v1/budgets/agent_x/spend, relayauth:budget:manage, relayauth:budget:read",
    "POST, /v1/budgets/agent_x/credit, relayauth:budget:manage, relayauth:budget:read",
    "GET, /v1/budgets/agent_x/entries, relayauth:budget:read, relayauth:audit:read"
  })
  void onlyTheListedScopeGetsIn(String method, String path, String enough, String tooLittle) {
    assertThat(send(given(), method, path).statusCode()).isEqualTo(401);
    assertThat(send(given().header("x-api-key", "rak_wrong"), method, path).statusCode())
        .isEqualTo(401);
    assertThat(send(given().header("Authorization", "Bearer x.y.z"), method, path).statusCode())
        .isEqualTo(401);
    Response platform = send(given().header("x-api-key", world.platformKey()), method, path);
    assertThat(platform.statusCode()).isEqualTo(403);
    Response refused = send(as(world.apiKey(org, tooLittle)), method, path);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.<String>path("code")).isEqualTo("insufficient_scope");
    assertThat(send(as(world.apiKey(org, enough)), method, path).statusCode()).isIn(200, 400, 404);
    String bearer = world.token(world.agent(org, enough), enough);
    assertThat(send(given().auth().oauth2(bearer), method, path).statusCode()).isIn(200, 400, 404);
  }

  @ParameterizedTest
  @CsvSource({"/internal/v1/roles/resolve", "/internal/v1/budgets/remaining"})
  void noCallerOfATenantReachesAnInternalRoute(String path) {
    assertThat(send(asAdmin(), "POST", path).statusCode()).isEqualTo(401);
  }

  private static Response send(RequestSpecification request, String method, String path) {
    request.contentType(ContentType.JSON);
    return switch (method) {
      case "GET" -> request.get(path);
      case "DELETE" -> request.delete(path);
      default -> request.body("{}").request(method, path);
    };
  }
}
