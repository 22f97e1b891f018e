package dev.relayauth.stack.gateway;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Paths as they arrive. */
final class Paths {
  private Paths() {}

  /**
   * Whether a path means the same to every server that reads it. One with dot segments, empty
   * segments or backslashes, plain or encoded, could be routed as one thing here and served as
   * another, such as an internal route, there.
   */
  static boolean isPlain(String path) {
    if (!path.startsWith("/")) {
      return false;
    }
    String read = path.indexOf('%') < 0 ? path : decodeSeparators(path);
    if (read.contains("//") || read.indexOf('\\') >= 0) {
      return false;
    }
    return !(read + "/").contains("/./") && !(read + "/").contains("/../");
  }

  /**
   * Whether a request target is a URI by RFC 3986; the services answer one that isn't with less.
   */
  static boolean isUri(String target) {
    try {
      return new URI(target).getRawPath() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String decodeSeparators(String path) {
    return path.toLowerCase(Locale.ROOT)
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "\\");
  }
}
