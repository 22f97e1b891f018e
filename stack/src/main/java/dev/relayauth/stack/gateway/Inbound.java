package dev.relayauth.stack.gateway;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * A client's request at the gateway.
 *
 * @param path without the query; empty when the target isn't a path, as in {@code OPTIONS *}
 */
record Inbound(HttpServerRequest request, String path, String requestId) {

  static Inbound of(HttpServerRequest request, RequestIds ids) {
    String path = request.path();
    return new Inbound(
        request, path == null ? "" : path, ids.orNew(request.getHeader(RequestIds.HEADER)));
  }

  HttpServerResponse response() {
    return request.response();
  }

  /** Answers with a problem, unless an answer has begun or the client has gone. */
  void refuse(Refusal refusal) {
    refusal.answer(response(), path, requestId);
  }
}
