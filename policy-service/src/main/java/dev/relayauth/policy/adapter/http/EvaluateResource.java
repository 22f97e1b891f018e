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

/** The other name of {@code /v1/authorize}. */
@Path("/v1/policies/evaluate")
@Produces(MediaType.APPLICATION_JSON)
public final class EvaluateResource {
  private final Authorization authorization;

  EvaluateResource(Authorization authorization) {
    this.authorization = authorization;
  }

  /** One question. */
  @POST
  @RequiresScope("relayauth:scope:read")
  @DeniesWhenStale
  @NonBlocking
  public Uni<byte[]> evaluate(@Nullable AuthorizeBody body) {
    return authorization.one(body);
  }
}
