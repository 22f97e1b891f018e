package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.audit.domain.tree.TreeLog;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log of the caller's organisation. */
@Path("/v1/audit")
public final class AuditResource {
  private final AuditLog log;
  private final TreeLog trees;
  private final CurrentRequest request;

  AuditResource(AuditLog log, TreeLog trees, CurrentRequest request) {
    this.log = log;
    this.trees = trees;
    this.request = request;
  }

  /** A page, newest first. */
  @GET
  @RequiresScope("relayauth:audit:read")
  @RunOnVirtualThread
  public LogPage list(
      @Context UriInfo uri,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    return LogPage.read(
        log,
        new LogPage.Of(
            "log", request.tenant().org(), FilterParameters.read(uri.getQueryParameters())),
        limit,
        cursor);
  }

  /** One entry. */
  @GET
  @Path("/{id}")
  @RequiresScope("relayauth:audit:read")
  @RunOnVirtualThread
  public EntryView get(@PathParam("id") String id) {
    return EntryView.of(find(id));
  }

  /** That the entry is in the log. */
  @GET
  @Path("/{id}/proof")
  @RequiresScope("relayauth:audit:read")
  @RunOnVirtualThread
  public ProofView proof(@PathParam("id") String id) {
    AuditEntry entry = find(id);
    if (entry.leaf().index() < 0) {
      throw new RefusedException(
          ErrorCode.NOT_FOUND, "the entry is from before there was a tree: it has no proof");
    }
    return ProofView.of(trees, entry);
  }

  private AuditEntry find(String id) {
    return Optional.of(id)
        .filter(text -> IdFormat.isValid(IdPrefix.AUDIT, text))
        .flatMap(text -> log.find(request.tenant().org(), text))
        .orElseThrow(
            () -> new RefusedException(ErrorCode.NOT_FOUND, "there is no such audit entry"));
  }
}
