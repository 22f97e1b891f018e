package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.http.RouteFailures;
import dev.relayauth.policy.adapter.http.ExternalAuthorization.Proxied;
import dev.relayauth.policy.adapter.http.ExternalAuthorization.Ruling;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Envoy's external authorization over HTTP: any method, the original path after {@value #PREFIX}.
 * The proxy adds its own {@code x-api-key} and the template {@code x-relayauth-scope}; {@code
 * Authorization} is the agent's. 200 lets the request through.
 */
@Singleton
public final class ExternalAuthorizationRoute {
  /** What the proxy puts before the original path. */
  static final String PREFIX = "/v1/ext-authz";

  private final Callers callers;
  private final ExternalAuthorization external;
  private final RouteFailures failures;

  ExternalAuthorizationRoute(
      Callers callers, ExternalAuthorization external, RouteFailures failures) {
    this.callers = callers;
    this.external = external;
    this.failures = failures;
  }

  void register(@Observes Router router) {
    router.route(PREFIX).handler(this::handle);
    router.route(PREFIX + "/*").handler(this::handle);
  }

  private void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String target = request.uri().substring(PREFIX.length());
    RouteOrigin origin = RouteOrigin.of(context);
    Proxied proxied =
        new Proxied(
            request.getHeader(ExternalAuthorization.SCOPE),
            request.method().name(),
            target.startsWith("/") ? target : "/" + target,
            request.getHeader("Authorization"),
            origin.ip());
    callers
        .admit(null, request.getHeader("x-api-key"), "ext_authz " + PREFIX)
        .thenCompose(caller -> external.rule(proxied, origin.asking(caller)))
        .whenComplete(
            (ruling, failure) -> {
              if (failure == null) {
                answer(context.response(), ruling);
              } else {
                failures.answer(context, failure);
              }
            });
  }

  private static void answer(HttpServerResponse response, Ruling ruling) {
    switch (ruling) {
      case Ruling.Pass pass ->
          response
              .putHeader("x-relayauth-decision-id", pass.decisionId())
              .putHeader("x-relayauth-subject", pass.subject())
              .putHeader("x-relayauth-scope", pass.scope())
              .end();
      case Ruling.Stop stop -> {
        response.setStatusCode(stop.status());
        if (stop.status() == 401) {
          response.putHeader("WWW-Authenticate", "Bearer realm=\"relayauth\"");
        }
        if (stop.decisionId() != null) {
          response.putHeader("x-relayauth-decision-id", stop.decisionId());
        }
        response.putHeader("Content-Type", "text/plain").end(stop.reason());
      }
    }
  }
}
