package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.http.DeniesWhenStale;
import dev.relayauth.common.http.RequiresScope;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** May this agent do that? A deny is a 200 with its reason. */
@Path("/v1/authorize")
@Produces(MediaType.APPLICATION_JSON)
public final class AuthorizeResource {
  private final Authorization authorization;

  AuthorizeResource(Authorization authorization) {
    this.authorization = authorization;
  }

  /** One question. */
  @POST
  @RequiresScope("relayauth:scope:read")
  @DeniesWhenStale
  @NonBlocking
  public Uni<byte[]> one(@Nullable AuthorizeBody body) {
    return authorization.one(body);
  }

  /** Up to a thousand. */
  @POST
  @Path("batch")
  @RequiresScope("relayauth:scope:read")
  @DeniesWhenStale
  @NonBlocking
  public Uni<byte[]> batch(@Nullable BatchBody body) {
    return authorization.many(body);
  }
}
