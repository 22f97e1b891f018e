package dev.relayauth.stack.gateway;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** What the gateway itself answers instead of a service, as an RFC 9457 problem document. */
enum Refusal {
  NOT_FOUND(404, "not_found", "There is no such resource", "no route has this path"),
  PAYLOAD_TOO_LARGE(
      413, "payload_too_large", "The body is too large", "a body may be 262144 bytes at most"),
  UNREADABLE(400, "validation_failed", "The request is not valid", "this is not HTTP/1.1"),
  NO_URI(400, "validation_failed", "The request is not valid", "the target is not a URI"),
  URI_TOO_LONG(414, "uri_too_long", "The URI is too long", "a target may be 8192 bytes at most"),
  HEADERS_TOO_LARGE(
      431, "headers_too_large", "The headers are too large", "headers may be 32768 bytes at most"),
  SERVICE_UNAVAILABLE(
      503,
      "service_unavailable",
      "The service is away",
      "nothing was done with the request; try again in a moment"),
  ANSWER_LOST(
      503,
      "answer_lost",
      "The answer was lost",
      "the service had the request, and may have done it: look before it is sent again");

  /** The endpoints whose errors are those of RFC 6749 §5.2. */
  private static final String OAUTH = "/oauth/";

  private final int status;
  private final String code;
  private final String title;
  private final String detail;

  Refusal(int status, String code, String title, String detail) {
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
  }

  /** Ends the response; does nothing when it has already begun or the client has gone. */
  void answer(HttpServerResponse response, String path, String requestId) {
    if (response.headWritten() || response.closed()) {
      return;
    }
    if (status == 503) {
      response.putHeader("Retry-After", "1");
    }
    response.setStatusCode(status).putHeader(RequestIds.HEADER, requestId);
    if (path.startsWith(OAUTH)) {
      response
          .putHeader("Content-Type", "application/json")
          .putHeader("Cache-Control", "no-store")
          .end(oauth().toBuffer());
    } else {
      response
          .putHeader("Content-Type", "application/problem+json")
          .end(problem(path, requestId).toBuffer());
    }
  }

  private JsonObject oauth() {
    return new JsonObject()
        .put("error", status == 503 ? "temporarily_unavailable" : "invalid_request")
        .put("error_description", status == 503 ? code + ": " + detail : detail);
  }

  private JsonObject problem(String path, String requestId) {
    return new JsonObject()
        .put("type", "urn:relayauth:problem:" + code)
        .put("title", title)
        .put("status", status)
        .put("detail", detail)
        .put("instance", path)
        .put("code", code)
        .put("error", code)
        .put("message", detail)
        .put("requestId", requestId);
  }
}
