package dev.relayauth.token.adapter.http;

import dev.relayauth.common.http.Open;
import dev.relayauth.token.domain.keys.KeyRing;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The documents by which clients find their way. */
@Path("/.well-known")
@Produces(MediaType.APPLICATION_JSON)
public final class WellKnownResource {
  /** Shorter than the time for which a new key is published before it signs. */
  private static final String CACHE = "public, max-age=5";

  private final KeyRing keys;
  private final AgentConfiguration agents;

  WellKnownResource(KeyRing keys, AgentConfiguration agents) {
    this.keys = keys;
    this.agents = agents;
  }

  /** The public keys (RFC 7517 §5). */
  @GET
  @Path("/jwks.json")
  @Open
  @NonBlocking
  public Response jwks() {
    return Response.ok(keys.jwks()).header(HttpHeaders.CACHE_CONTROL, CACHE).build();
  }

  /** What an agent needs to know to begin. */
  @GET
  @Path("/agent-configuration")
  @Open
  @NonBlocking
  public Response agentConfiguration() {
    return Response.ok(agents.json())
        .header(HttpHeaders.CACHE_CONTROL, "public, max-age=300")
        .build();
  }
}
