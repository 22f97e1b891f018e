package dev.relayauth.policy.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class RoleRoutesTest extends PolicyServiceTest {
  @Test
  void createsARoleAndAnswersWithItsRevision() {
    Response created =
        post(
            "/v1/roles",
            Map.of(
                "name", "order-reader",
                "description", "Reads orders",
                "scopes", List.of("stripe:orders:read")));
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.header("Relay-Revision")).isNotBlank();
    assertThat(created.<String>path("id")).startsWith("role_");
    assertThat(created.<Boolean>path("builtIn")).isFalse();
    Response found = asAdmin().get("/v1/roles/" + created.path("id"));
    assertThat(found.statusCode()).isEqualTo(200);
    assertThat(found.<List<String>>path("scopes")).containsExactly("stripe:orders:read");
    assertThat(found.<String>path("orgId")).isEqualTo(org);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ab", "Upper-Case", "-x-y", "two--dashes", "snake_case", "ends-", ""})
  void refusesANameThatIsNotKebabCase(String name) {
    Response refused =
        post("/v1/roles", Map.of("name", name, "scopes", List.of("stripe:orders:read")));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.<String>path("code")).isEqualTo("validation_failed");
    assertThat(refused.<String>path("errors[0].pointer")).isEqualTo("/name");
  }

  @Test
  void refusesAReservedName() {
    assertThat(
            post(
                    "/v1/roles",
                    Map.of("name", "relayauth-mine", "scopes", List.of("stripe:orders:read")))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void refusesARoleWithoutScopes() {
    assertThat(post("/v1/roles", Map.of("name", "empty-role", "scopes", List.of())).statusCode())
        .isEqualTo(400);
    assertThat(post("/v1/roles", Map.of("name", "empty-role")).statusCode()).isEqualTo(400);
  }

  @Test
  void refusesAScopeOutsideTheGrammar() {
    Response refused =
        post("/v1/roles", Map.of("name", "bad-scope", "scopes", List.of("stripe:orders")));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.<String>path("code")).isEqualTo("invalid_scope");
  }

  @Test
  void refusesATakenNameUntilItsRoleIsDeleted() {
    String id = role("taken-name", "stripe:orders:read");
    Response again =
        post("/v1/roles", Map.of("name", "taken-name", "scopes", List.of("stripe:orders:read")));
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.<String>path("code")).isEqualTo("conflict");
    assertThat(asAdmin().delete("/v1/roles/" + id).statusCode()).isEqualTo(204);
    assertThat(asAdmin().get("/v1/roles/" + id).statusCode()).isEqualTo(404);
    role("taken-name", "stripe:orders:read");
  }

  @Test
  void refusesScopesThatTheAuthorDoesNotHoldAndSaysWhich() {
    String author = world.apiKey(org, "relayauth:role:manage", "stripe:orders:read");
    Response refused =
        as(author)
            .body(
                Map.of(
                    "name",
                    "too-much",
                    "scopes",
                    List.of("stripe:orders:read", "stripe:orders:write")))
            .post("/v1/roles");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.<String>path("code")).isEqualTo("scope_escalation");
    assertThat(refused.<String>path("required")).isEqualTo("stripe:orders:write");
    assertThat(AuditTopic.of(world).find(org, "scope.escalation_denied").metadata())
        .containsEntry("scope", "stripe:orders:write");
  }

  @Test
  void hasTheBuiltInRolesInEveryOrganisationAndLetsNobodyChangeThem() {
    for (String name : List.of("relayauth-admin", "relayauth-developer", "relayauth-read-only")) {
      Response found = asAdmin().get("/v1/roles/role_" + name);
      assertThat(found.statusCode()).isEqualTo(200);
      assertThat(found.<Boolean>path("builtIn")).isTrue();
      Response changed =
          asAdmin().body(Map.of("description", "mine")).patch("/v1/roles/role_" + name);
      assertThat(changed.statusCode()).isEqualTo(403);
      assertThat(changed.<String>path("code")).isEqualTo("built_in_role_immutable");
      Response deleted = asAdmin().delete("/v1/roles/role_" + name);
      assertThat(deleted.statusCode()).isEqualTo(403);
    }
  }

  @Test
  void changesOnlyWhatIsSent() {
    String id = role("to-change", "stripe:orders:read");
    Response changed =
        asAdmin().body(Map.of("scopes", List.of("stripe:orders:write"))).patch("/v1/roles/" + id);
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.header("Relay-Revision")).isNotBlank();
    assertThat(changed.<String>path("name")).isEqualTo("to-change");
    assertThat(changed.<List<String>>path("scopes")).containsExactly("stripe:orders:write");
    assertThat(asAdmin().body(Map.of()).patch("/v1/roles/" + id).statusCode()).isEqualTo(400);
  }

  @Test
  void listsNewestFirstInPagesWithTheBuiltInRolesLast() {
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      created.addFirst(role("role-number-" + i, "stripe:orders:read"));
    }
    List<String> listed = new ArrayList<>();
    String cursor = null;
    do {
      Response page =
          asAdmin().get("/v1/roles?limit=3" + (cursor == null ? "" : "&cursor=" + cursor));
      assertThat(page.statusCode()).isEqualTo(200);
      listed.addAll(page.<List<String>>path("data.id"));
      cursor = page.path("cursor");
    } while (cursor != null);
    assertThat(listed).hasSize(8).startsWith(created.toArray(String[]::new));
    assertThat(listed.subList(5, 8))
        .containsExactlyInAnyOrder(
            "role_relayauth-admin", "role_relayauth-developer", "role_relayauth-read-only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=201", "limit=x", "cursor=%00", "cursor=abc"})
  void refusesAPageThatCanNotBe(String query) {
    assertThat(asAdmin().get("/v1/roles?" + query).statusCode()).isEqualTo(400);
  }

  @Test
  void hidesRolesFromOtherOrganisations() {
    String id = role("private-role", "stripe:orders:read");
    String stranger = world.apiKey(world.id(IdPrefix.ORGANIZATION), "*");
    assertThat(as(stranger).get("/v1/roles/" + id).statusCode()).isEqualTo(404);
    assertThat(as(stranger).body(Map.of("description", "x")).patch("/v1/roles/" + id).statusCode())
        .isEqualTo(404);
    Response deleted = as(stranger).delete("/v1/roles/" + id);
    assertThat(deleted.statusCode()).isEqualTo(404);
    assertThat(deleted.<String>path("code")).isEqualTo("role_not_found");
    assertThat(as(stranger).get("/v1/roles").<List<String>>path("data.id")).doesNotContain(id);
  }

  @Test
  void refusesABodyThatNamesAnotherOrganisation() {
    Response refused =
        post(
            "/v1/roles",
            Map.of("name", "other-org", "scopes", List.of("a:b:c"), "org_id", "org_other"));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.<String>path("code")).isEqualTo("org_mismatch");
  }

  @Test
  void putsEachWriteOnRecord() {
    String id = role("on-record", "stripe:orders:read");
    asAdmin().body(Map.of("description", "d")).patch("/v1/roles/" + id);
    asAdmin().delete("/v1/roles/" + id);
    for (String action : List.of("role.created", "role.updated", "role.deleted")) {
      assertThat(AuditTopic.of(world).find(org, action).metadata()).containsEntry("roleId", id);
    }
  }
}
