package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.http.MediaTypeFilter;
import dev.relayauth.common.http.RequestEdge;
import dev.relayauth.common.http.RouteFailures;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * The short way to {@link Authorization} for the requests that nearly all are: a caller that memory
 * knows and admits, a JSON body, nothing to wait for. Whatever else comes goes on to the resource
 * of the same path, which answers alike.
 */
@Singleton
public final class AuthorizeRoute {
  private static final String JSON = "application/json";

  private final Callers callers;
  private final Authorization authorization;
  private final RouteFailures failures;
  private final MeterRegistry metrics;

  AuthorizeRoute(
      Callers callers, Authorization authorization, RouteFailures failures, MeterRegistry metrics) {
    this.callers = callers;
    this.authorization = authorization;
    this.failures = failures;
    this.metrics = metrics;
  }

  /** How a route answers a body, and its time. */
  private record Answering(
      BiFunction<Buffer, Asking, CompletableFuture<byte[]>> function, RouteTimer timer) {}

  void register(@Observes Router router) {
    route(router, "/v1/authorize", this::one);
    route(router, "/v1/authorize/batch", this::many);
  }

  private void route(
      Router router, String path, BiFunction<Buffer, Asking, CompletableFuture<byte[]>> function) {
    Answering answering = new Answering(function, new RouteTimer(metrics, path));
    router.post(path).handler(context -> handle(context, answering));
  }

  private CompletableFuture<byte[]> one(Buffer body, Asking asking) {
    return authorization.one(QuestionJson.one(body.getBytes()), asking).thenApply(AnswerJson::one);
  }

  private CompletableFuture<byte[]> many(Buffer body, Asking asking) {
    return authorization
        .many(QuestionJson.many(body.getBytes()), asking)
        .thenApply(AnswerJson::many);
  }

  private void handle(RoutingContext context, Answering answering) {
    long began = System.nanoTime();
    HttpServerRequest request = context.request();
    Optional<Callers.Admitted> caller = isPlain(request) ? admitted(request) : Optional.empty();
    if (caller.isEmpty()) {
      answering.timer().follow(context, began);
      context.next();
      return;
    }
    Asking asking = RouteOrigin.of(context).asking(caller.get());
    request.bodyHandler(
        body -> {
          try {
            answering
                .function()
                .apply(body, asking)
                .whenComplete(
                    (answer, failure) -> {
                      if (answer != null) {
                        end(context, answer);
                        answering.timer().answered(began);
                      } else {
                        fail(context, answering, began, Objects.requireNonNull(failure));
                      }
                    });
          } catch (RuntimeException e) {
            fail(context, answering, began, e);
          }
        });
    request.resume();
  }

  private Optional<Callers.Admitted> admitted(HttpServerRequest request) {
    return callers.known(request.getHeader("Authorization"), request.getHeader("x-api-key"));
  }

  /** A body of a known, bounded length that says it is JSON, and no word on how to answer. */
  private static boolean isPlain(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    String length = request.getHeader("Content-Length");
    String accept = request.getHeader("Accept");
    return type != null
        && isJson(type)
        && length != null
        && length.length() <= Long.toString(RequestEdge.MAX_BODY).length()
        && (accept == null || accept.contains("*/*") || accept.contains("application/json"))
        && request.getHeader("Relay-Revision") == null;
  }

  private static boolean isJson(String type) {
    return type.startsWith(JSON)
        && (type.length() == JSON.length()
            || (type.charAt(JSON.length()) == ';' && MediaTypeFilter.isUtf8(type)));
  }

  private static void end(RoutingContext context, byte[] answer) {
    context
        .response()
        .putHeader("Content-Type", "application/json;charset=UTF-8")
        .end(Buffer.buffer(answer));
  }

  private void fail(RoutingContext context, Answering answering, long began, Throwable failure) {
    answering.timer().follow(context, began);
    failures.answer(context, failure);
  }
}
