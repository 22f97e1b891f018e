package dev.relayauth.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.id.IdPrefix;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The policy service decides who may give a role; the rows, the record and the end are ours. */
@QuarkusTest
class RolesOfIdentitiesTest extends IdentityTestBase {
  @Test
  void recordsAnAssignmentInTheTransactionThatMakesIt() {
    String role = role("stripe:orders:read");
    String id = agent("worker", "user_jane", "stripe:orders:read");
    assign("POST", id, role, "role.assigned", "stripe:orders:read").statusCode(200);
    assign("POST", id, role, "role.assigned", "stripe:orders:read").statusCode(409);
    assign("DELETE", id, role, "role.removed").statusCode(200);
    List<AuditRecord> trail =
        new Trail(world, org).await(entry -> entry.action().equals("role.removed"));
    assertThat(trail.stream().filter(entry -> entry.action().equals("role.assigned")))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.sponsorChain()).containsExactly("user_jane", id);
              assertThat(entry.ip()).isEqualTo("192.0.2.7");
              assertThat(entry.metadata()).containsEntry("actorId", "ak_boss");
            });
  }

  @Test
  void refusesARecordOfSomethingElse() {
    String role = role("stripe:orders:read");
    String id = agent("worker", "user_jane", "stripe:orders:read");
    assign("POST", id, role, "role.removed", "stripe:orders:read").statusCode(400);
    as(adminKey).get("/v1/identities/{id}", id).then().body("roles", empty());
  }

  @Test
  void refusesARoleThatGivesASubAgentWhatItsParentLacks() {
    String role = role("stripe:refunds:create");
    String parent = agent("parent", "user_jane", "stripe:orders:read");
    String child = agent("child", parent, "stripe:orders:read");
    assign("POST", child, role, "role.assigned", "stripe:refunds:create")
        .statusCode(403)
        .body("code", equalTo("scope_escalation"))
        .body("required", equalTo("stripe:refunds:create"));
  }

  @Test
  void takesADeletedRoleFromWhoeverHasIt() {
    RoleState role = publish("stripe:orders:read");
    String id = agentWithRole("holder", role.id());
    delete(role);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> as(adminKey).get("/v1/identities/{id}", id).then().body("roles", empty()));
    new Trail(world, org)
        .await(
            entry ->
                entry.action().equals("role.removed")
                    && id.equals(entry.identityId())
                    && role.id().equals(entry.metadata().get("roleId")));
  }

  @Test
  void givesNobodyARoleThatIsGone() {
    RoleState role = publish("stripe:orders:read");
    String id = agentWithRole("holder", role.id());
    String late = agent("late", "user_jane", "stripe:orders:read");
    delete(role);
    new Trail(world, org)
        .await(entry -> entry.action().equals("role.removed") && id.equals(entry.identityId()));
    // The policy service had read the role before it was deleted.
    assign("POST", late, role.id(), "role.assigned", "stripe:orders:read")
        .statusCode(404)
        .body("code", equalTo("role_not_found"));
    create(Map.of("name", "x", "sponsorId", "user_jane", "roles", List.of(role.id())))
        .statusCode(404);
  }

  @Test
  void asksForARoleThatIsTooNewToBeKnown() {
    String role = world.id(IdPrefix.ROLE);
    RoleState state = roleState(role, false, "stripe:orders:read");
    world.peers().on("/internal/v1/roles/resolve", call -> Map.of("roles", List.of(state)));
    create(Map.of("name", "eager", "sponsorId", "user_jane", "roles", List.of(role)))
        .statusCode(201)
        .body("roles[0]", equalTo(role));
    world.peers().on("/internal/v1/roles/resolve", call -> Map.of("roles", List.of()));
    create(Map.of("name", "lost", "sponsorId", "user_jane", "roles", List.of("role_none")))
        .statusCode(404)
        .body("code", equalTo("role_not_found"));
  }

  private String agentWithRole(String name, String role) {
    String[] id = new String[1];
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(
            () -> {
              id[0] =
                  create(Map.of("name", name, "sponsorId", "user_jane", "roles", List.of(role)))
                      .statusCode(201)
                      .extract()
                      .path("id");
              return true;
            });
    return id[0];
  }

  private String role(String... scopes) {
    return publish(scopes).id();
  }

  private RoleState publish(String... scopes) {
    return publish(roleState(world.id(IdPrefix.ROLE), false, scopes));
  }

  private void delete(RoleState role) {
    publish(roleState(role.id(), true, role.scopes().toArray(String[]::new)));
  }
}
