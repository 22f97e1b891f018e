package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.http.Internal;
import dev.relayauth.common.http.Violations;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/** The log of any organisation, for the services that put records into it. */
@Path("/internal/v1/audit/{org}")
public final class InternalLogResource {
  private static final int MAX_LIMIT = 1000;

  private final AuditLog log;

  InternalLogResource(AuditLog log) {
    this.log = log;
  }

  /** Records, newest first. */
  public record Found(List<AuditRecord> entries) {}

  /** The newest records that the filters of the public route let through. */
  @GET
  @Internal
  @RunOnVirtualThread
  public Found list(
      @PathParam("org") String org,
      @Context UriInfo uri,
      @QueryParam("limit") @DefaultValue("100") int limit) {
    new Violations()
        .check(limit >= 1 && limit <= MAX_LIMIT, "/limit", "is 1 to " + MAX_LIMIT)
        .throwIfAny();
    return new Found(
        log.page(org, FilterParameters.read(uri.getQueryParameters()), limit, null).stream()
            .map(AuditEntry::content)
            .toList());
  }

  /** One record. */
  @GET
  @Path("/{id}")
  @Internal
  @RunOnVirtualThread
  public AuditRecord get(@PathParam("org") String org, @PathParam("id") String id) {
    return log.find(org, id)
        .map(AuditEntry::content)
        .orElseThrow(
            () -> new RefusedException(ErrorCode.NOT_FOUND, "there is no such audit entry"));
  }
}
