package dev.relayauth.common.http;

import dev.relayauth.common.config.RelayAuthConfig;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.health.Readiness;

/** A short answer for people and load balancers. */
@Path("/health")
public final class HealthResource {
  private final RelayAuthConfig config;
  private final ReadyCheck ready;

  HealthResource(RelayAuthConfig config, @Readiness ReadyCheck ready) {
    this.config = config;
    this.ready = ready;
  }

  /** Whether this service can serve. */
  public record Health(String status, String service) {}

  /** 200 when ready, 503 otherwise. */
  @GET
  @Open
  public Response health() {
    boolean up =
        ready.call().getStatus() == org.eclipse.microprofile.health.HealthCheckResponse.Status.UP;
    return Response.status(up ? 200 : 503)
        .entity(new Health(up ? "ok" : "unavailable", config.service()))
        .build();
  }
}
