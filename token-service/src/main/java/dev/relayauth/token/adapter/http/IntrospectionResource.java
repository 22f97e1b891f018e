package dev.relayauth.token.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Verification;
import dev.relayauth.token.domain.introspection.Introspection;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells what a token says. From memory, on the event loop. */
@Path("/v1/tokens")
@Produces(MediaType.APPLICATION_JSON)
public final class IntrospectionResource {
  private final Introspection introspection;
  private final CurrentRequest request;

  IntrospectionResource(Introspection introspection, CurrentRequest request) {
    this.introspection = introspection;
    this.request = request;
  }

  /** The body of a validation. */
  record ValidateBody(
      @Nullable String token, @JsonAlias("required_scopes") @Nullable List<String> requiredScopes) {
    @Override
    public String toString() {
      return "ValidateBody[redacted]";
    }
  }

  /** The answer to a validation. */
  record Validated(
      boolean valid,
      @JsonRawValue @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String claims,
      @Nullable List<String> missingScopes) {}

  /** The claims, or {@code null}. */
  @GET
  @Path("/introspect")
  @NonBlocking
  @RequiresScope("relayauth:token:read")
  public Response claims(@QueryParam("token") @Nullable String token) {
    return answer(find(token).map(Verification.Valid::payload).orElse("null"));
  }

  /** RFC 7662 §2.2. */
  @POST
  @Path("/introspect")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @NonBlocking
  @RequiresScope("relayauth:token:read")
  public Response active(@Nullable String form) {
    List<String> sent = FormBody.read(form).getOrDefault("token", List.of());
    return answer(
        find(sent.isEmpty() ? null : sent.getFirst())
            .map(valid -> "{\"active\":true," + valid.payload().strip().substring(1))
            .orElse("{\"active\":false}"));
  }

  /** Whether a token is good, and for these scopes. */
  @POST
  @Path("/validate")
  @Consumes(MediaType.APPLICATION_JSON)
  @NonBlocking
  @RequiresScope("relayauth:token:read")
  public Validated validate(@Nullable ValidateBody sent) {
    ValidateBody body = Answers.required(sent);
    new Violations().list(body.requiredScopes(), "/requiredScopes", ScopeSet.MAX_SIZE).throwIfAny();
    ScopeSet required =
        body.requiredScopes() == null ? ScopeSet.empty() : ScopeSet.of(body.requiredScopes());
    return find(body.token())
        .map(valid -> validated(valid, required))
        .orElseGet(() -> new Validated(false, null, null));
  }

  private static Validated validated(Verification.Valid token, ScopeSet required) {
    List<String> missing =
        required.stream().filter(scope -> !token.scopes().covers(scope)).map(Scope::raw).toList();
    return new Validated(missing.isEmpty(), token.payload(), missing.isEmpty() ? null : missing);
  }

  private Optional<Verification.Valid> find(@Nullable String token) {
    if (token == null || token.isBlank()) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "token is required");
    }
    return introspection.active(token, request.tenant().org());
  }

  private static Response answer(String json) {
    return Response.ok(json, MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
