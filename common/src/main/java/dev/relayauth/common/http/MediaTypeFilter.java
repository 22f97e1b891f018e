package dev.relayauth.common.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Keeps bodies that say they are something else than JSON from routes that take JSON: the framework
 * would read {@code text/plain} into any type that is made of one text. A route that names what it
 * consumes is left to the framework.
 */
@Singleton
public class MediaTypeFilter {
  private static final Set<String> UTF_8 = Set.of("utf-8", "utf8", "us-ascii");

  private final CurrentRequest request;

  MediaTypeFilter(CurrentRequest request) {
    this.request = request;
  }

  /** Refuses with 415; a body of no stated type is taken for JSON. */
  @ServerRequestFilter(priority = Priorities.USER + 100)
  public void filter(ContainerRequestContext context, ResourceInfo route) {
    String type = context.getHeaderString(HttpHeaders.CONTENT_TYPE);
    if (type == null || !request.mayHaveBody()) {
      return;
    }
    if (!isJson(type) && !namesItsTypes(route)) {
      throw new RefusedException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE, "this route takes application/json");
    }
    if (isJson(type) && !isUtf8(type)) {
      throw new RefusedException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "this route takes UTF-8");
    }
  }

  /** Whether a media type names no charset, or UTF-8; ASCII is UTF-8 too. */
  public static boolean isUtf8(String contentType) {
    for (String parameter : contentType.toLowerCase(Locale.ROOT).split(";", -1)) {
      String named = parameter.strip();
      if (named.startsWith("charset=") && !UTF_8.contains(named.substring(8).replace("\"", ""))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isJson(String contentType) {
    int parameters = contentType.indexOf(';');
    String type =
        (parameters < 0 ? contentType : contentType.substring(0, parameters))
            .strip()
            .toLowerCase(Locale.ROOT);
    return type.equals("application/json") || type.equals("text/json") || type.endsWith("+json");
  }

  private static boolean namesItsTypes(ResourceInfo route) {
    Method method = route.getResourceMethod();
    return method.isAnnotationPresent(Consumes.class)
        || method.getDeclaringClass().isAnnotationPresent(Consumes.class);
  }
}
