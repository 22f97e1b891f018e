package dev.relayauth.token.adapter.http;

import dev.relayauth.common.http.RequestEdge;
import io.vertx.core.http.HttpServerRequest;

/** Which requests need nothing of what JAX-RS can do. */
final class PlainRequest {
  private PlainRequest() {}

  /** A body of a known, bounded length, and no word on how or when to answer. */
  static boolean isPlain(HttpServerRequest request, String type) {
    String sent = request.getHeader("Content-Type");
    String length = request.getHeader("Content-Length");
    String accept = request.getHeader("Accept");
    return sent != null
        && isUtf8(sent, type)
        && length != null
        && length.length() <= Long.toString(RequestEdge.MAX_BODY).length()
        && (accept == null || accept.contains("*/*") || accept.contains("application/json"))
        && request.getHeader("Relay-Revision") == null;
  }

  private static boolean isUtf8(String sent, String type) {
    return sent.equals(type) || sent.equalsIgnoreCase(type + "; charset=utf-8");
  }
}
