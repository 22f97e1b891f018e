package dev.relayauth.common.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What happens to every request before any route sees it: its id, and the bounds on its parts. */
@Singleton
public final class RequestEdge {
  /** The largest body that is read, in bytes. */
  public static final long MAX_BODY = 256 * 1024;

  /** The longest request target that is read, in bytes. */
  static final int MAX_URI = 8 * 1024;

  /** The most that all headers of a request may have, in bytes. */
  static final int MAX_HEADERS = 32 * 1024;

  private static final int FIRST = 1_000;

  /** A colon may stand in a path unescaped; clients that escape it mean the same route. */
  private static final Pattern ESCAPED_COLON = Pattern.compile("%3[Aa]");

  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private final IdSource ids;
  private final RouteFailures failures;

  RequestEdge(IdSource ids, RouteFailures failures) {
    this.ids = ids;
    this.failures = failures;
  }

  void register(@Observes Filters filters) {
    filters.register(this::enter, FIRST);
  }

  private void enter(RoutingContext context) {
    name(context);
    if (context.request().uri().length() > MAX_URI) {
      refuse(context, ErrorCode.URI_TOO_LONG, "a target may be " + MAX_URI + " bytes at most");
    } else if (size(context.request().headers()) > MAX_HEADERS) {
      refuse(
          context, ErrorCode.HEADERS_TOO_LARGE, "headers may be " + MAX_HEADERS + " bytes at most");
    } else if (isTooLarge(context.request().getHeader("Content-Length"))) {
      // RFC 9113 §8.2.2: HTTP/2 has no such header, and a client may refuse an answer that has it.
      if (context.request().version() != HttpVersion.HTTP_2) {
        context.response().putHeader("Connection", "close");
      }
      refuse(context, ErrorCode.PAYLOAD_TOO_LARGE, "a body may be " + MAX_BODY + " bytes at most");
    } else if (!isText(context.request().path())) {
      refuse(context, ErrorCode.NOT_FOUND, "there is nothing at this path");
    } else if (!isText(context.request().query())) {
      refuse(context, ErrorCode.VALIDATION_FAILED, "the query is not UTF-8 text");
    } else if (ESCAPED_COLON.matcher(context.request().path()).find()) {
      context.reroute(withColons(context.request()));
    } else {
      context.next();
    }
  }

  private static String withColons(HttpServerRequest request) {
    String path = ESCAPED_COLON.matcher(request.path()).replaceAll(":");
    return request.query() == null ? path : path + "?" + request.query();
  }

  private void name(RoutingContext context) {
    String id = requestId(context.request().getHeader("X-Request-ID"));
    context.put(CurrentRequest.REQUEST_ID, id);
    context.response().putHeader("X-Request-ID", id);
  }

  private void refuse(RoutingContext context, ErrorCode code, String detail) {
    failures.answer(context, new RefusedException(code, detail));
  }

  /** Whether the escapes of a path or query are whole, and spell UTF-8 without a NUL. */
  private static boolean isText(@Nullable String encoded) {
    if (encoded == null || encoded.indexOf('%') < 0) {
      return true;
    }
    ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
    for (int at = 0; at < encoded.length(); at++) {
      char letter = encoded.charAt(at);
      if (letter != '%') {
        bytes.put((byte) letter);
        continue;
      }
      int value = at + 2 < encoded.length() ? escaped(encoded, at) : -1;
      if (value <= 0) {
        return false;
      }
      bytes.put((byte) value);
      at += 2;
    }
    return isUtf8(bytes.flip());
  }

  private static int escaped(String encoded, int at) {
    int high = Character.digit(encoded.charAt(at + 1), 16);
    int low = Character.digit(encoded.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static boolean isUtf8(ByteBuffer bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private String requestId(@Nullable String sent) {
    return sent != null && REQUEST_ID.matcher(sent).matches() ? sent : ids.next(IdPrefix.REQUEST);
  }

  private static int size(MultiMap headers) {
    int size = 0;
    for (Map.Entry<String, String> header : headers) {
      size += header.getKey().length() + header.getValue().length();
    }
    return size;
  }

  private static boolean isTooLarge(@Nullable String length) {
    try {
      return length != null && Long.parseLong(length) > MAX_BODY;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
