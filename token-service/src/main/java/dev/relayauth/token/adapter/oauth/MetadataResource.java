package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.http.Open;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The documents by which OAuth clients find their way. */
@Path("/.well-known")
@Produces(MediaType.APPLICATION_JSON)
public final class MetadataResource {
  private final ServerMetadata metadata;

  MetadataResource(ServerMetadata metadata) {
    this.metadata = metadata;
  }

  /** RFC 8414 §3. */
  @GET
  @Path("/oauth-authorization-server")
  @Open
  @NonBlocking
  public Response server() {
    return answer(metadata.server());
  }

  /** RFC 8414 §5: the older name of the same, for those who verify tokens by it. */
  @GET
  @Path("/openid-configuration")
  @Open
  @NonBlocking
  public Response openId() {
    return answer(metadata.openId());
  }

  /** RFC 9728 §3. */
  @GET
  @Path("/oauth-protected-resource")
  @Open
  @NonBlocking
  public Response resource() {
    return answer(metadata.resource());
  }

  private static Response answer(String json) {
    return Response.ok(json).header(HttpHeaders.CACHE_CONTROL, "public, max-age=300").build();
  }
}
