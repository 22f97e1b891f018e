package dev.relayauth.policy.adapter.http;

import static dev.relayauth.policy.adapter.http.AdministrativeWrites.require;
import static dev.relayauth.policy.adapter.http.AdministrativeWrites.requireOwn;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.adapter.internal.Entities;
import dev.relayauth.policy.adapter.postgres.Publication;
import dev.relayauth.policy.adapter.postgres.RoleStore;
import dev.relayauth.policy.domain.administration.BuiltInRoles;
import dev.relayauth.policy.domain.administration.RoleRules;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Roles: named sets of scopes that identities are given. */
@Path("/v1/roles")
public final class RoleResource {
  private final AdministrativeWrites writes;
  private final RoleCatalog catalog;
  private final RoleStore store;
  private final AgentReach reach;
  private final Publication publication;
  private final AuditRecords audit;
  private final CurrentRequest request;
  private final Entities entities;
  private final IdSource ids;
  private final InstantSource clock;
  private final PolicyTestGuard guard;

  RoleResource(
      AdministrativeWrites writes,
      RoleCatalog catalog,
      RoleStore store,
      AgentReach reach,
      Publication publication,
      AuditRecords audit,
      CurrentRequest request,
      Entities entities,
      IdSource ids,
      InstantSource clock,
      PolicyTestGuard guard) {
    this.writes = writes;
    this.catalog = catalog;
    this.store = store;
    this.reach = reach;
    this.publication = publication;
    this.audit = audit;
    this.request = request;
    this.entities = entities;
    this.ids = ids;
    this.clock = clock;
    this.guard = guard;
  }

  /** Creates a role of scopes that its author holds. */
  @POST
  @RequiresScope("relayauth:role:manage")
  @RunOnVirtualThread
  @ResponseStatus(201)
  public RoleView create(@Nullable RoleBody sent) {
    RoleBody body = require(sent);
    Caller.Tenant author = request.tenant();
    requireOwn(body.orgId(), author);
    RoleState role = body.create(author.org(), ids.next(IdPrefix.ROLE), now());
    check(role);
    writes.requireHeld(author, role.scopes());
    requireWorkspace(role);
    return RoleView.of(
        writes.commit(
            tx -> {
              store.insert(tx, role);
              return publish(tx, role, "created");
            }));
  }

  /** A page of roles, newest first; the built-in ones come last. */
  @GET
  @RequiresScope("relayauth:role:read")
  @RunOnVirtualThread
  public Page<RoleView> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    int size = Cursor.limit(limit);
    String org = request.tenant().org();
    String list = "roles/" + org;
    return Page.of(
        catalog.list(org, Cursor.decode(cursor, list), size + 1),
        size,
        list,
        RoleView::of,
        RoleView::place);
  }

  /** One role. */
  @GET
  @Path("{id}")
  @RequiresScope("relayauth:role:read")
  @RunOnVirtualThread
  public RoleView get(String id) {
    return RoleView.of(catalog.get(request.tenant().org(), id));
  }

  /** Changes a name, a description or the scopes, to ones that the author holds. */
  @PATCH
  @Path("{id}")
  @RequiresScope("relayauth:role:manage")
  @RunOnVirtualThread
  public RoleView change(String id, @Nullable RoleBody sent) {
    RoleBody body = require(sent);
    Caller.Tenant author = request.tenant();
    requireOwn(body.orgId(), author);
    requireMutable(author, id);
    reach.requireNotHeldAbove(author, id);
    new Violations().check(!body.changesNothing(), "", "nothing to change").throwIfAny();
    return RoleView.of(
        writes.commit(
            tx -> {
              RoleState known = lock(tx, author, id);
              RoleState role = body.applyTo(known, now());
              check(role);
              if (!known.scopes().equals(role.scopes())) {
                writes.requireHeld(author, role.scopes());
              }
              store.update(tx, role);
              return publish(tx, role, "updated");
            }));
  }

  /** Deletes a role; whoever has it loses its scopes at once. */
  @DELETE
  @Path("{id}")
  @RequiresScope("relayauth:role:manage")
  @RunOnVirtualThread
  public void delete(String id) {
    Caller.Tenant author = request.tenant();
    requireMutable(author, id);
    reach.requireNotHeldAbove(author, id);
    writes.commit(
        tx -> {
          RoleState role = deleted(lock(tx, author, id), now());
          store.update(tx, role);
          return publish(tx, role, "deleted");
        });
  }

  private RoleState publish(Transaction tx, RoleState role, String pastTense) throws SQLException {
    guard.check(tx, role);
    publication.publish(tx, role, pastTense, request.traceparent());
    audit.append(
        tx,
        audit
            .draft("role." + pastTense, role.orgId(), request)
            .workspace(role.workspaceId())
            .with("roleId", role.id())
            .with("name", role.name())
            .with("scopes", String.join(" ", role.scopes())),
        request);
    return role;
  }

  private RoleState lock(Transaction tx, Caller.Tenant author, String id) throws SQLException {
    return store.lock(tx, author.org(), id).orElseThrow(RoleCatalog::notFound);
  }

  private static void check(RoleState role) {
    Violations violations = new Violations();
    RoleRules.check(role, (pointer, detail) -> violations.check(false, pointer, detail));
    violations.throwIfAny();
  }

  private void requireWorkspace(RoleState role) {
    if (role.workspaceId() != null
        && !entities.exists(role.orgId(), EntityKind.WORKSPACE, role.workspaceId())) {
      throw new RefusedException(ErrorCode.NOT_FOUND, "there is no such workspace");
    }
  }

  private static void requireMutable(Caller.Tenant author, String id) {
    if (BuiltInRoles.find(author.org(), id).isPresent()) {
      throw new RefusedException(
          ErrorCode.BUILT_IN_ROLE_IMMUTABLE, "built-in roles are the same everywhere");
    }
  }

  /** The role, deleted. */
  static RoleState deleted(RoleState role, Instant at) {
    return new RoleState(
        role.orgId(),
        role.id(),
        role.name(),
        role.description(),
        role.scopes(),
        role.workspaceId(),
        false,
        true,
        role.createdAt(),
        at,
        0);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
