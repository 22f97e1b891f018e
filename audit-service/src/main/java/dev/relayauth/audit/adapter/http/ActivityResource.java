package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.domain.activity.ActivityReport;
import dev.relayauth.audit.domain.activity.BudgetUsage;
import dev.relayauth.audit.domain.activity.SubAgent;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one agent did. */
@Path("/v1/identities/{id}/activity")
public final class ActivityResource {
  private final ActivityReport report;
  private final AuditLog log;
  private final CurrentRequest request;

  ActivityResource(ActivityReport report, AuditLog log, CurrentRequest request) {
    this.report = report;
    this.log = log;
    this.request = request;
  }

  /** A page of what it did, with its chain to a human, its budget and its sub-agents. */
  public record Activity(
      List<EntryView> entries,
      @Nullable String nextCursor,
      boolean hasMore,
      List<String> sponsorChain,
      BudgetUsage budgetUsage,
      List<SubAgent> subAgents) {}

  /** The activity of an agent of the caller's organisation. */
  @GET
  @RequiresScope("relayauth:audit:read")
  @RunOnVirtualThread
  public Activity read(
      @PathParam("id") String id,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String org = request.tenant().org();
    ActivityReport.Activity activity =
        report
            .of(org, id)
            .orElseThrow(
                () ->
                    new RefusedException(
                        ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity"));
    LogPage page =
        LogPage.read(
            log, new LogPage.Of("activity", org, AuditFilter.ofIdentity(id)), limit, cursor);
    return new Activity(
        page.entries(),
        page.nextCursor(),
        page.hasMore(),
        activity.sponsorChain(),
        activity.budgetUsage(),
        activity.subAgents());
  }
}
