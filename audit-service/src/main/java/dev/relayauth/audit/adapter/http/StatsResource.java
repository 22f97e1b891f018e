package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.domain.statistics.Statistics;
import dev.relayauth.audit.domain.statistics.StatisticsReport;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Figures of the caller's organisation. */
@Path("/v1/stats")
public final class StatsResource {
  private final StatisticsReport report;
  private final CurrentRequest request;

  StatsResource(StatisticsReport report, CurrentRequest request) {
    this.report = report;
    this.request = request;
  }

  /** The figures, from counters alone. */
  @GET
  @RequiresScope("relayauth:stats:read")
  @RunOnVirtualThread
  public Statistics read() {
    return report.of(request.tenant().org());
  }
}
