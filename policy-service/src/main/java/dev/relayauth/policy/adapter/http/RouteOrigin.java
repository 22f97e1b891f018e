package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.http.CurrentRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Where a request comes from, read before it may go on elsewhere. */
record RouteOrigin(
    @Nullable String ip,
    @Nullable String userAgent,
    String requestId,
    @Nullable String traceparent) {

  static RouteOrigin of(RoutingContext context) {
    HttpServerRequest request = context.request();
    return new RouteOrigin(
        CurrentRequest.ipOf(context),
        CurrentRequest.userAgentOf(context),
        CurrentRequest.idOf(context),
        request.getHeader("traceparent"));
  }

  Asking asking(Callers.Admitted caller) {
    return Asking.of(caller, ip, userAgent, requestId, traceparent);
  }
}
