package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.Scope;
import java.util.Locale;
import java.util.Optional;

/**
 * How a proxy's operator says what an HTTP request needs: a scope in which {@code {action}} stands
 * for {@code read}, {@code create}, {@code write} or {@code delete} by the request's method, {@code
 * {method}} for the method in lower case, and {@code {path}} for its path without the query.
 */
record ScopeTemplate(String text) {
  /**
   * The scope of a request; empty when it has none, such as for a path with {@code ..} or an
   * encoding that a server behind could read as another path. Nobody may do what has no scope.
   */
  Optional<Scope> of(String method, String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    String scope =
        text.replace("{action}", action(method))
            .replace("{method}", method.toLowerCase(Locale.ROOT))
            .replace("{path}", path);
    try {
      return path.indexOf('*') >= 0 || path.indexOf('#') >= 0 || !path.startsWith("/")
          ? Optional.empty()
          : Optional.of(Scope.parse(scope));
    } catch (InvalidScopeException e) {
      return Optional.empty();
    }
  }

  private static String action(String method) {
    return switch (method.toUpperCase(Locale.ROOT)) {
      case "GET", "HEAD", "OPTIONS" -> "read";
      case "POST" -> "create";
      case "DELETE" -> "delete";
      default -> "write";
    };
  }
}
