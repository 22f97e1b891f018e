package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.http.Internal;
import dev.relayauth.common.http.Violations;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the other services about roles whose events they don't have yet. */
@Path("/internal/v1/roles/resolve")
public final class RoleResolutionResource {
  private static final int MAX_ROLES = 200;

  private final RoleCatalog catalog;

  RoleResolutionResource(RoleCatalog catalog) {
    this.catalog = catalog;
  }

  /** Which roles. */
  public record Question(@Nullable String orgId, @Nullable List<String> roleIds) {}

  /** Those that exist, built-in ones included. */
  public record Answer(List<RoleState> roles) {}

  /** Resolves them. */
  @POST
  @Internal
  @RunOnVirtualThread
  public Answer resolve(@Nullable Question sent) {
    Question question = AdministrativeWrites.require(sent);
    String org = question.orgId();
    List<String> ids = question.roleIds();
    new Violations()
        .text(org, "/orgId")
        .check(ids != null, "/roleIds", "is required")
        .list(ids, "/roleIds", MAX_ROLES)
        .throwIfAny();
    return org == null || ids == null ? new Answer(List.of()) : new Answer(catalog.find(org, ids));
  }
}
