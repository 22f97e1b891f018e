package dev.relayauth.identity.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.identity.adapter.postgres.DirectoryAdministration;
import dev.relayauth.identity.adapter.postgres.DirectoryAdministration.SponsorWritten;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code /v1/sponsors}: the humans who answer for agents. */
@Path("/v1/sponsors")
@RunOnVirtualThread
public final class SponsorResource {
  private final DirectoryAdministration administration;
  private final CurrentRequest request;
  private final Revision revision;

  SponsorResource(
      DirectoryAdministration administration, CurrentRequest request, Revision revision) {
    this.administration = administration;
    this.request = request;
    this.revision = revision;
  }

  /** What may be set; offboarding suspends everything under the sponsor. */
  public record Body(
      @Nullable String id,
      @Nullable String name,
      @Nullable String email,
      SponsorState.@Nullable Status status,
      @JsonAlias("org_id") @Nullable String orgId) {}

  /** A sponsor as clients see it. */
  public record View(
      String id,
      String orgId,
      String name,
      @Nullable String email,
      SponsorState.Status status,
      Instant createdAt,
      Instant updatedAt) {
    static View of(SponsorState s) {
      return new View(
          s.id(), s.orgId(), s.name(), s.email(), s.status(), s.createdAt(), s.updatedAt());
    }
  }

  /** Adds a sponsor. */
  @POST
  @RequiresScope("relayauth:sponsor:manage")
  public Response create(Body body) {
    Bodies.required(body);
    Bodies.sameOrganization(body.orgId(), request.tenant());
    new Violations()
        .check(
            body.id() == null || IdFormat.isValid(IdPrefix.SPONSOR, body.id()),
            "/id",
            "must be user_ and 1 to 64 URL-safe characters")
        .check(
            body.status() != SponsorState.Status.offboarded, "/status", "a new sponsor is active")
        .text(body.name(), "/name")
        .optionalText(body.email(), "/email", 254)
        .throwIfAny();
    var committed =
        administration.addSponsor(body.id(), String.valueOf(body.name()), body.email(), request);
    request.wrote(committed.sequence());
    return Response.status(201).entity(View.of(committed.value())).build();
  }

  /** A page of sponsors. */
  @GET
  @RequiresScope("relayauth:sponsor:read")
  public Page<View> list(
      @QueryParam("limit") @Nullable String limitText,
      @QueryParam("cursor") @Nullable String cursor) {
    int limit = Cursor.limit(limitText);
    String org = request.tenant().org();
    String list = "sponsors/" + org;
    return Page.of(
        administration.sponsors(org, Bodies.page(cursor, list, limit)),
        limit,
        list,
        View::of,
        s -> new Cursor(s.createdAt(), s.id()));
  }

  /** One sponsor. */
  @GET
  @Path("/{id}")
  @RequiresScope("relayauth:sponsor:read")
  public View get(String id) {
    return View.of(administration.sponsor(request.tenant().org(), id));
  }

  /** Changes a sponsor. */
  @PATCH
  @Path("/{id}")
  @RequiresScope("relayauth:sponsor:manage")
  public View patch(String id, Body body) {
    Bodies.required(body);
    new Violations()
        .check(
            body.name() != null || body.email() != null || body.status() != null,
            "",
            "name, email or status is required")
        .check(body.name() == null || !body.name().isBlank(), "/name", "must not be blank")
        .optionalText(body.name(), "/name", Violations.MAX_NAME)
        .optionalText(body.email(), "/email", 254)
        .throwIfAny();
    SponsorWritten written =
        administration.changeSponsor(id, body.name(), body.email(), body.status(), request);
    revision.wrote(written.sequence(), written.revocation());
    return View.of(written.sponsor());
  }
}
