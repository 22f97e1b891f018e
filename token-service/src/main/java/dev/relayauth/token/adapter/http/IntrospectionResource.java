package dev.relayauth.token.adapter.http;

import dev.relayauth.common.audit.CredentialUse;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a token says. From memory, on the event loop; nearly all requests are answered by
 * {@link IntrospectionRoute} before they get here.
 */
@Path("/v1/tokens")
@Produces(MediaType.APPLICATION_JSON)
public final class IntrospectionResource {
  private final IntrospectionAnswers answers;
  private final CredentialUse use;
  private final CurrentRequest request;

  IntrospectionResource(IntrospectionAnswers answers, CredentialUse use, CurrentRequest request) {
    this.answers = answers;
    this.use = use;
    this.request = request;
  }

  /** The claims, or {@code null}. */
  @GET
  @Path("/introspect")
  @NonBlocking
  @RequiresScope(IntrospectionRoute.SCOPE)
  public Response claims(@QueryParam("token") @Nullable String token) {
    return answer(answers.claims(token, request.tenant().org()));
  }

  /** RFC 7662 §2.2. */
  @POST
  @Path("/introspect")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @NonBlocking
  @RequiresScope(IntrospectionRoute.SCOPE)
  public Response active(@Nullable String form) {
    use.asked(request.caller(), request);
    return answer(answers.active(form, request.tenant().org()));
  }

  /** Whether a token is good, and for these scopes. */
  @POST
  @Path("/validate")
  @Consumes(MediaType.APPLICATION_JSON)
  @NonBlocking
  @RequiresScope(IntrospectionRoute.SCOPE)
  public Response validate(IntrospectionAnswers.@Nullable ValidateBody sent) {
    use.asked(request.caller(), request);
    return answer(answers.validated(sent, request.tenant().org()));
  }

  private static Response answer(String json) {
    return Response.ok(json, MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
