package dev.relayauth.common.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What happens to every request before any route sees it: its id, and the bound on its body. */
@Singleton
public final class RequestEdge {
  /** The largest body that is read, in bytes. */
  public static final long MAX_BODY = 256 * 1024;

  private static final int FIRST = 1_000;
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private final IdSource ids;

  RequestEdge(IdSource ids) {
    this.ids = ids;
  }

  void register(@Observes Filters filters) {
    filters.register(this::enter, FIRST);
  }

  private void enter(RoutingContext context) {
    String id = requestId(context.request().getHeader("X-Request-ID"));
    context.put(CurrentRequest.REQUEST_ID, id);
    context.response().putHeader("X-Request-ID", id);
    if (isTooLarge(context.request().getHeader("Content-Length"))) {
      Problem problem =
          Problem.of(
              ErrorCode.PAYLOAD_TOO_LARGE,
              "a body may be " + MAX_BODY + " bytes at most",
              CurrentRequest.pathOf(context),
              id);
      context
          .response()
          .setStatusCode(ErrorCode.PAYLOAD_TOO_LARGE.status())
          .putHeader("Content-Type", Problem.MEDIA_TYPE)
          .putHeader("Connection", "close")
          .end(Buffer.buffer(problem.toJson()));
      return;
    }
    context.next();
  }

  private String requestId(@Nullable String sent) {
    return sent != null && REQUEST_ID.matcher(sent).matches() ? sent : ids.next(IdPrefix.REQUEST);
  }

  private static boolean isTooLarge(@Nullable String length) {
    try {
      return length != null && Long.parseLong(length) > MAX_BODY;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
