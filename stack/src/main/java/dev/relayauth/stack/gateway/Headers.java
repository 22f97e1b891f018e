package dev.relayauth.stack.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which headers pass the gateway. */
final class Headers {
  /** RFC 9110 §7.6.1: these speak of one connection only. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** Set by the gateway itself; a client's word on them is worth nothing. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-length",
          "expect",
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-forwarded-host",
          "x-request-id");

  private Headers() {}

  /** Copies a client's headers for a service and says where the request came from. */
  static void forward(HttpServerRequest request, String requestId, MultiMap target) {
    Set<String> named = namedByConnection(request.headers());
    for (Map.Entry<String, String> header : request.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!HOP_BY_HOP.contains(name) && !OURS.contains(name) && !named.contains(name)) {
        target.add(header.getKey(), header.getValue());
      }
    }
    target.set(RequestIds.HEADER, requestId);
    target.set("X-Forwarded-For", request.remoteAddress().hostAddress());
    target.set("X-Forwarded-Proto", request.scheme());
    if (request.authority() != null) {
      target.set("X-Forwarded-Host", request.authority().toString());
    }
  }

  /** Copies a service's headers for the client; a known length stays known. */
  static void back(MultiMap answer, MultiMap target) {
    Set<String> named = namedByConnection(answer);
    for (Map.Entry<String, String> header : answer) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!HOP_BY_HOP.contains(name) && !named.contains(name)) {
        target.add(header.getKey(), header.getValue());
      }
    }
  }

  private static Set<String> namedByConnection(MultiMap headers) {
    @Nullable String connection = headers.get("connection");
    if (connection == null) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (String name : connection.split(",", -1)) {
      names.add(name.strip().toLowerCase(Locale.ROOT));
    }
    return names;
  }
}
