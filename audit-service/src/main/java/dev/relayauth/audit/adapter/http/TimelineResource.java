package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** What happened in one session. */
@Path("/v1/sessions/{sid}/timeline")
public final class TimelineResource {
  private final AuditLog log;
  private final CurrentRequest request;

  TimelineResource(AuditLog log, CurrentRequest request) {
    this.log = log;
    this.request = request;
  }

  /**
   * A page of what the tokens of a session were about, newest first; 404 when the log of the caller
   * has nothing of such a session.
   */
  @GET
  @RequiresScope("relayauth:audit:read")
  @RunOnVirtualThread
  public LogPage read(
      @PathParam("sid") String sid,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    new Violations().optionalText(sid, "/sid", Violations.MAX_NAME).throwIfAny();
    AuditFilter filter = AuditFilter.ofSession(sid);
    LogPage page =
        LogPage.read(
            log, new LogPage.Of("timeline", request.tenant().org(), filter), limit, cursor);
    if (page.entries().isEmpty() && cursor == null) {
      throw new RefusedException(ErrorCode.NOT_FOUND, "nothing is known of such a session");
    }
    return page;
  }
}
