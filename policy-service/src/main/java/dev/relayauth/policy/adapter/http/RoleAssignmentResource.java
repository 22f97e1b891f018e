package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.adapter.internal.RoleAssignments;
import dev.relayauth.policy.adapter.internal.RoleAssignments.Outcome;
import dev.relayauth.policy.adapter.postgres.BuiltInRolePublisher;
import dev.relayauth.policy.domain.administration.BuiltInRoles;
import dev.relayauth.policy.domain.decision.Agent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Which roles an identity has. */
@Path("/v1/identities/{id}/roles")
public final class RoleAssignmentResource {
  private final RoleCatalog catalog;
  private final RoleAssignments assignments;
  private final AgentChains chains;
  private final BuiltInRolePublisher builtIns;
  private final AdministrativeWrites writes;
  private final AgentReach reach;
  private final CurrentRequest request;
  private final Revisions revisions;
  private final AuditRecords audit;

  RoleAssignmentResource(
      RoleCatalog catalog,
      RoleAssignments assignments,
      AgentChains chains,
      BuiltInRolePublisher builtIns,
      AdministrativeWrites writes,
      AgentReach reach,
      CurrentRequest request,
      Revisions revisions,
      AuditRecords audit) {
    this.catalog = catalog;
    this.assignments = assignments;
    this.chains = chains;
    this.builtIns = builtIns;
    this.writes = writes;
    this.reach = reach;
    this.request = request;
    this.revisions = revisions;
    this.audit = audit;
  }

  /** The role to give. */
  public record AssignmentBody(@JsonAlias("role_id") @Nullable String roleId) {}

  /** Gives a role whose scopes the caller holds; a second time is a conflict. */
  @POST
  @RequiresScope({"relayauth:identity:manage", "relayauth:role:manage"})
  @RunOnVirtualThread
  @ResponseStatus(201)
  public IdentityView assign(String id, @Nullable AssignmentBody sent) {
    String roleId = AdministrativeWrites.require(sent).roleId();
    new Violations().text(roleId, "/roleId").throwIfAny();
    Caller.Tenant caller = request.tenant();
    IdentityState identity = identity(caller.org(), id);
    reach.requireNotOver(caller, identity);
    RoleState role = catalog.get(caller.org(), String.valueOf(roleId));
    writes.requireHeld(caller, role.scopes(), identity.sponsorChain());
    requireSameWorkspace(identity, role);
    if (BuiltInRoles.find(caller.org(), role.id()).isPresent()) {
      builtIns.ensure(caller.org());
    }
    return changed(
        assignments.assign(
            caller.org(),
            id,
            role,
            auditRecord("role.assigned", role.id(), identity),
            request.traceparent()),
        identityGone());
  }

  /**
   * The roles that the identity has and that still exist, or a page of them where one asks for it.
   */
  @GET
  @RequiresScope({"relayauth:identity:read", "relayauth:role:read"})
  @RunOnVirtualThread
  public Page<RoleView> list(
      String id,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String org = request.tenant().org();
    String list = "identity-roles/" + org + "/" + id;
    Cursor after = Cursor.decode(cursor, list);
    List<RoleState> found = catalog.of(org, identity(org, id).roles(), after);
    int size = limit == null && after == null ? found.size() : Cursor.limit(limit);
    return Page.of(found, size, list, RoleView::of, RoleView::place);
  }

  /** Takes a role away. */
  @DELETE
  @Path("{roleId}")
  @RequiresScope({"relayauth:identity:manage", "relayauth:role:manage"})
  @RunOnVirtualThread
  public void remove(String id, String roleId) {
    Caller.Tenant caller = request.tenant();
    IdentityState identity = identity(caller.org(), id);
    reach.requireNotOver(caller, identity);
    if (!identity.roles().contains(roleId)) {
      throw RoleCatalog.notFound();
    }
    changed(
        assignments.remove(
            caller.org(),
            id,
            roleId,
            auditRecord("role.removed", roleId, identity),
            request.traceparent()),
        RoleCatalog.notFound());
  }

  private IdentityView changed(Outcome outcome, RefusedException missing) {
    return switch (outcome) {
      case Outcome.Changed changed -> {
        if (changed.revision() != null) {
          request.wrote(changed.revision());
          revisions.await(changed.revision()).join();
        }
        yield IdentityView.of(changed.identity());
      }
      case Outcome.Missing ignored -> throw missing;
      case Outcome.Conflicting ignored ->
          throw new RefusedException(ErrorCode.CONFLICT, "the identity has that role already");
      case Outcome.Escalating escalating ->
          throw writes.escalation(request.tenant(), Scope.parse(escalating.scope()), "the parent");
    };
  }

  /** What the identity service appends to the transaction of the change. */
  private AuditRecord auditRecord(String action, String roleId, IdentityState identity) {
    return audit
        .draft(action, identity.orgId(), request)
        .subject(identity.id(), identity.sponsorChain())
        .workspace(identity.workspaceId())
        .with("roleId", roleId)
        .build();
  }

  /** An identity of this organisation, from memory or its owner. */
  private IdentityState identity(String org, String id) {
    try {
      List<Agent> chain = chains.find(org, id).get();
      if (chain.isEmpty() || chain.getLast().state().status() == IdentityState.Status.deleted) {
        throw identityGone();
      }
      return chain.getLast().state();
    } catch (ExecutionException e) {
      throw new ServiceUnavailableException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(e);
    }
  }

  private static void requireSameWorkspace(IdentityState identity, RoleState role) {
    if (role.workspaceId() != null && !role.workspaceId().equals(identity.workspaceId())) {
      throw new RefusedException(
          ErrorCode.CONFLICT, "the role is of another workspace than the identity");
    }
  }

  private static RefusedException identityGone() {
    return new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity");
  }
}
