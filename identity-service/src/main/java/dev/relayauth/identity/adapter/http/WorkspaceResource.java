package dev.relayauth.identity.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.event.WorkspaceState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.identity.adapter.postgres.DirectoryAdministration;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code /v1/workspaces}. */
@Path("/v1/workspaces")
@RunOnVirtualThread
public final class WorkspaceResource {
  private final DirectoryAdministration administration;
  private final CurrentRequest request;

  WorkspaceResource(DirectoryAdministration administration, CurrentRequest request) {
    this.administration = administration;
    this.request = request;
  }

  /** What may be set. */
  public record Body(
      @Nullable String id, @Nullable String name, @JsonAlias("org_id") @Nullable String orgId) {}

  /** A workspace as clients see it. */
  public record View(String id, String orgId, String name, Instant createdAt, Instant updatedAt) {
    static View of(WorkspaceState w) {
      return new View(w.id(), w.orgId(), w.name(), w.createdAt(), w.updatedAt());
    }
  }

  /** Adds a workspace. */
  @POST
  @RequiresScope("relayauth:workspace:manage")
  public Response create(Body body) {
    Bodies.required(body);
    Bodies.sameOrganization(body.orgId(), request.tenant());
    new Violations()
        .check(
            body.id() == null || IdFormat.isValid(IdPrefix.WORKSPACE, body.id()),
            "/id",
            "must be ws_ and 1 to 64 URL-safe characters")
        .text(body.name(), "/name")
        .throwIfAny();
    var committed = administration.addWorkspace(body.id(), String.valueOf(body.name()), request);
    request.wrote(committed.sequence());
    return Response.status(201).entity(View.of(committed.value())).build();
  }

  /** A page of workspaces. */
  @GET
  @RequiresScope("relayauth:workspace:read")
  public Page<View> list(
      @QueryParam("limit") @Nullable String limitText,
      @QueryParam("cursor") @Nullable String cursor) {
    int limit = Cursor.limit(limitText);
    String org = request.tenant().org();
    String list = "workspaces/" + org;
    return Page.of(
        administration.workspaces(org, Bodies.page(cursor, list, limit)),
        limit,
        list,
        View::of,
        w -> new Cursor(w.createdAt(), w.id()));
  }

  /** One workspace. */
  @GET
  @Path("/{id}")
  @RequiresScope("relayauth:workspace:read")
  public View get(String id) {
    return View.of(administration.workspace(request.tenant().org(), id));
  }

  /** Renames a workspace. */
  @PATCH
  @Path("/{id}")
  @RequiresScope("relayauth:workspace:manage")
  public View patch(String id, Body body) {
    Bodies.required(body);
    new Violations().text(body.name(), "/name").throwIfAny();
    var committed = administration.renameWorkspace(id, String.valueOf(body.name()), request);
    request.wrote(committed.sequence());
    return View.of(committed.value());
  }
}
