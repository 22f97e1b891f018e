package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.http.RequestEdge;
import dev.relayauth.common.http.RouteFailures;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The short way to {@link Authorization} for the requests that nearly all are: a caller that memory
 * knows and admits, a JSON body, nothing to wait for. Whatever else comes goes on to the resource
 * of the same path, which answers alike.
 */
@Singleton
public final class AuthorizeRoute {
  private final Callers callers;
  private final Authorization authorization;
  private final RouteFailures failures;

  AuthorizeRoute(Callers callers, Authorization authorization, RouteFailures failures) {
    this.callers = callers;
    this.authorization = authorization;
    this.failures = failures;
  }

  void register(@Observes Router router) {
    router.post("/v1/authorize").handler(context -> handle(context, this::one));
    router.post("/v1/authorize/batch").handler(context -> handle(context, this::many));
  }

  private CompletableFuture<byte[]> one(Buffer body, Asking asking) {
    return authorization.one(QuestionJson.one(body.getBytes()), asking).thenApply(AnswerJson::one);
  }

  private CompletableFuture<byte[]> many(Buffer body, Asking asking) {
    return authorization
        .many(QuestionJson.many(body.getBytes()), asking)
        .thenApply(AnswerJson::many);
  }

  private void handle(
      RoutingContext context, BiFunction<Buffer, Asking, CompletableFuture<byte[]>> answering) {
    HttpServerRequest request = context.request();
    Optional<Caller.Tenant> caller = isPlain(request) ? admitted(request) : Optional.empty();
    if (caller.isEmpty()) {
      context.next();
      return;
    }
    Asking asking = RouteOrigin.of(context).asking(caller.get());
    request.bodyHandler(
        body -> {
          try {
            answering
                .apply(body, asking)
                .whenComplete((answer, failure) -> end(context, answer, failure));
          } catch (RuntimeException e) {
            failures.answer(context, e);
          }
        });
    request.resume();
  }

  private Optional<Caller.Tenant> admitted(HttpServerRequest request) {
    return callers.known(request.getHeader("Authorization"), request.getHeader("x-api-key"));
  }

  /** A body of a known, bounded length that says it is JSON, and no word on how to answer. */
  private static boolean isPlain(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    String length = request.getHeader("Content-Length");
    String accept = request.getHeader("Accept");
    return type != null
        && type.startsWith("application/json")
        && length != null
        && length.length() <= Long.toString(RequestEdge.MAX_BODY).length()
        && (accept == null || accept.contains("*/*") || accept.contains("application/json"))
        && request.getHeader("Relay-Revision") == null;
  }

  private void end(RoutingContext context, byte @Nullable [] answer, @Nullable Throwable failure) {
    if (failure != null || answer == null) {
      failures.answer(context, failure == null ? new IllegalStateException() : failure);
    } else {
      context
          .response()
          .putHeader("Content-Type", "application/json;charset=UTF-8")
          .end(Buffer.buffer(answer));
    }
  }
}
