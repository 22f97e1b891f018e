package dev.relayauth.policy.adapter.authzen;

import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.Scope;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an AuthZEN resource and action spell a scope: {@code resource.type} is {@code
 * plane:resource}, or the resource alone beside a {@code plane} property; a bare type is of the
 * plane {@value #OWN_PLANE}. {@code resource.id} is the path, {@code action.name} the action. Names
 * are read in lower case, with {@code -} for {@code _}.
 *
 * <p>An id that can't be written as a path is asked about as {@code *}: only who may act on every
 * path, with no deny on any, may act on it.
 */
record ScopeMapping(String plane, String resource) {
  /** The plane of types that name none. */
  static final String OWN_PLANE = "authzen";

  private static final String ANY = "*";

  /** Reads the type of a resource; notes what is wrong. */
  static ScopeMapping of(Entity sent, String pointer, Violations violations) {
    String type = sent.type() == null ? "" : sent.type();
    violations.check(!sent.isNotText("plane"), pointer + "/properties/plane", "is text");
    int colon = type.indexOf(':');
    String plane = sent.text("plane") == null ? OWN_PLANE : String.valueOf(sent.text("plane"));
    ScopeMapping mapping =
        colon < 0
            ? new ScopeMapping(name(plane), name(type))
            : new ScopeMapping(name(type.substring(0, colon)), name(type.substring(colon + 1)));
    violations.check(
        type.isBlank() || mapping.scope("read", ANY) != null,
        pointer + "/type",
        "is plane:resource, each of letters, digits and hyphens");
    return mapping;
  }

  /** The scope of an action on an id; null when the action has no spelling. */
  @Nullable Scope scope(String action, @Nullable String id) {
    Scope exact = parse(action, path(id));
    return exact == null ? parse(action, ANY) : exact;
  }

  /** How the action is spelled in scopes. */
  static String name(String sent) {
    return sent.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private @Nullable Scope parse(String action, String path) {
    try {
      return Scope.parse(plane + ":" + resource + ":" + name(action) + ":" + path);
    } catch (InvalidScopeException e) {
      return null;
    }
  }

  /** Spaces, quotes and what is not ASCII are written percent-encoded in paths. */
  static String path(@Nullable String id) {
    if (id == null) {
      return ANY;
    }
    StringBuilder path = new StringBuilder(id.length());
    for (byte octet : id.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      if (c == ' ' || c == '"' || c >= 0x80) {
        path.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      } else {
        path.append(c);
      }
    }
    return path.toString();
  }
}
