package dev.relayauth.common.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.TwiceNamedException;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.scope.InvalidScopeException;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever went wrong into what the contract promises, and tells the client nothing else. */
@Singleton
public class Errors {
  private static final Logger LOG = Logger.getLogger(Errors.class);

  private final Instance<ErrorRenderer> renderers;
  private final Instance<Challenges> challenges;
  private final Instance<AllowedMethods> allowed;

  Errors(
      Instance<ErrorRenderer> renderers,
      Instance<Challenges> challenges,
      Instance<AllowedMethods> allowed) {
    this.renderers = renderers;
    this.challenges = challenges;
    this.allowed = allowed;
  }

  /** A refusal of ours. */
  @ServerExceptionMapper
  public Response refused(RefusedException refusal, RoutingContext context) {
    CurrentRequest.refused(context, refusal);
    String path = CurrentRequest.pathOf(context);
    String id = CurrentRequest.idOf(context);
    Optional<String> challenge = challenges.get().of(refusal, context);
    return renderers.stream()
        .flatMap(renderer -> renderer.render(path, refusal, challenge, id).stream())
        .findFirst()
        .orElseGet(() -> problem(refusal, challenge, path, id));
  }

  /** A scope that can't be read. */
  @ServerExceptionMapper
  public Response scope(InvalidScopeException invalid, RoutingContext context) {
    return refused(
        new RefusedException(
            ErrorCode.INVALID_SCOPE,
            "the scope is not valid: " + invalid.reason(),
            Map.of("scope", invalid.scope(), "reason", invalid.reason())),
        context);
  }

  /** The database is away, or refused something it should not have. */
  @ServerExceptionMapper
  public Response storage(StorageException failure, RoutingContext context) {
    if (failure.isInvalidValue()) {
      return refused(
          new RefusedException(
              ErrorCode.VALIDATION_FAILED,
              "a value can't be stored: it is out of range or has a NUL"),
          context);
    }
    if (!failure.isUnavailable()) {
      return unexpected(failure, context);
    }
    LOG.warnf("the database is away: %s", failure.getMessage());
    return refused(unavailable(), context);
  }

  /** Another service is away. */
  @ServerExceptionMapper
  public Response service(ServiceUnavailableException failure, RoutingContext context) {
    LOG.warnf("a service is away: %s", failure.getMessage());
    return refused(unavailable(), context);
  }

  /** JSON of the wrong type; Quarkus has a mapper of its own for exactly this one. */
  @ServerExceptionMapper
  public Response mismatched(MismatchedInputException failure, RoutingContext context) {
    return refused(malformed(failure), context);
  }

  /** A body that is not the JSON we asked for. */
  @ServerExceptionMapper
  public Response json(JsonProcessingException failure, RoutingContext context) {
    return refused(malformed(failure), context);
  }

  /** What JAX-RS itself refuses: no such route, method or media type, or a body it can't read. */
  @ServerExceptionMapper
  public Response http(WebApplicationException failure, RoutingContext context) {
    if (failure.getCause() instanceof JacksonException cause) {
      return refused(malformed(cause), context);
    }
    int status = failure.getResponse().getStatus();
    if (status >= 500) {
      return unexpected(failure, context);
    }
    ErrorCode code =
        Arrays.stream(ErrorCode.values())
            .filter(known -> known.status() == status && isGeneric(known))
            .findFirst()
            .orElse(ErrorCode.VALIDATION_FAILED);
    Response answer = refused(new RefusedException(code, code.title()), context);
    // RFC 9110 §15.5.6: a 405 names the methods that would do.
    return code == ErrorCode.METHOD_NOT_ALLOWED
        ? Response.fromResponse(answer)
            .header(HttpHeaders.ALLOW, allowed.get().of(CurrentRequest.pathOf(context)))
            .build()
        : answer;
  }

  /** Whatever we did not foresee: fixed text, and the cause in the log alone. */
  @ServerExceptionMapper
  public Response unexpected(Throwable failure, RoutingContext context) {
    if (Unavailability.isBehind(failure)) {
      return refused(unavailable(), context);
    }
    LOG.errorf(failure, "request %s failed", CurrentRequest.idOf(context));
    return refused(
        new RefusedException(ErrorCode.INTERNAL_ERROR, "the error is logged under the request id"),
        context);
  }

  private static boolean isGeneric(ErrorCode code) {
    return switch (code) {
      case NOT_FOUND, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, UNSUPPORTED_MEDIA_TYPE -> true;
      case PAYLOAD_TOO_LARGE, VALIDATION_FAILED, MISSING_AUTHORIZATION -> true;
      default -> false;
    };
  }

  private static RefusedException unavailable() {
    return new RefusedException(
        ErrorCode.STORAGE_UNAVAILABLE, "a part we depend on is away; try again shortly");
  }

  /** What to answer to JSON that is not what a route takes. */
  public static RefusedException malformed(JacksonException failure) {
    String pointer =
        failure instanceof JsonMappingException mapping
            ? mapping.getPath().stream().map(Errors::segment).collect(Collectors.joining())
            : "";
    String detail =
        switch (failure) {
          case TwiceNamedException twice -> twice.getOriginalMessage();
          case JsonMappingException ignored when !pointer.isEmpty() -> "has the wrong type or form";
          default -> "the body is not the JSON this route takes";
        };
    return new RefusedException(
        ErrorCode.VALIDATION_FAILED,
        pointer.isEmpty() ? detail : pointer + " " + detail,
        Map.of("errors", List.of(Map.of("pointer", pointer, "detail", detail))));
  }

  private static String segment(JsonMappingException.Reference reference) {
    return "/"
        + Optional.ofNullable(reference.getFieldName())
            .orElseGet(() -> Integer.toString(reference.getIndex()));
  }

  private static Response problem(
      RefusedException refusal, Optional<String> challenge, String path, String requestId) {
    ErrorCode code = refusal.code();
    Response.ResponseBuilder response =
        Response.status(code.status())
            .type(Problem.MEDIA_TYPE)
            .entity(
                Problem.of(code, refusal.detail(), path, requestId, refusal.members()).toJson());
    challenge.ifPresent(how -> response.header(HttpHeaders.WWW_AUTHENTICATE, how));
    if (code.status() == 503 || code.status() == 429) {
      response.header(
          HttpHeaders.RETRY_AFTER, refusal.members().getOrDefault("retryAfter", 1).toString());
    }
    if (code == ErrorCode.RATE_LIMITED) {
      rateLimit(response, refusal.members());
    }
    return response.build();
  }

  private static void rateLimit(Response.ResponseBuilder response, Map<String, Object> members) {
    response.header("RateLimit-Limit", members.get("limit"));
    response.header("RateLimit-Remaining", members.get("remaining"));
    response.header("RateLimit-Reset", members.get("retryAfter"));
  }
}
