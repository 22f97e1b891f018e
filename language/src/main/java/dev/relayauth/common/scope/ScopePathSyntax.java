package dev.relayauth.common.scope;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What may stand in a path, so that one place has one spelling.
 *
 * <p>Characters are those of an OAuth scope token (RFC 6749 §3.3). Anything else is written
 * percent-encoded, and nothing that could be written plainly may be: a decoder behind us must never
 * see a path other than the one we decided on.
 */
final class ScopePathSyntax {
  private ScopePathSyntax() {}

  static String normalise(String scope, String written) {
    if (written.isEmpty()) {
      throw new InvalidScopeException(scope, "the path is empty");
    }
    requireCharacters(scope, written);
    String text = written.startsWith("/") ? collapse(written) : written;
    requireSegments(scope, text);
    return text.indexOf('%') < 0 ? text : requireEncoding(scope, text);
  }

  private static String collapse(String path) {
    StringBuilder out = new StringBuilder(path.length());
    char last = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '/' || last != '/') {
        out.append(c);
      }
      last = c;
    }
    return out.toString();
  }

  private static void requireCharacters(String scope, String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\') {
        throw new InvalidScopeException(
            scope, "a path has no whitespace, control or non-ASCII character, quote or backslash");
      }
      boolean trailing = i > 0 && i == path.length() - 1 && path.charAt(i - 1) == '/';
      if (c == '*' && !trailing) {
        throw new InvalidScopeException(scope, "* stands alone or ends a path as /*");
      }
    }
  }

  private static void requireSegments(String scope, String path) {
    String[] segments = path.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String name = withoutParameters(segments[i]);
      if (name.equals(".") || name.equals("..")) {
        throw new InvalidScopeException(scope, "a path has no . or .. segment");
      }
      boolean inner = i > 0 && i < segments.length - 1;
      if (inner && segments[i].isEmpty()) {
        throw new InvalidScopeException(scope, "a relative path has no empty segment");
      }
    }
  }

  /** Servers that strip {@code ;parameters} (RFC 3986 §3.3) read {@code ..;x} as {@code ..}. */
  private static String withoutParameters(String segment) {
    int semicolon = segment.indexOf(';');
    return semicolon < 0 ? segment : segment.substring(0, semicolon);
  }

  /** Upper-case triplets (RFC 3986 §6.2.2.1) of what has no plain spelling (§6.2.2.2). */
  private static String requireEncoding(String scope, String path) {
    StringBuilder out = new StringBuilder(path.length());
    ByteBuffer decoded = ByteBuffer.allocate(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '%') {
        decoded.put((byte) c);
        out.append(c);
        continue;
      }
      int octet = octet(scope, path, i);
      decoded.put((byte) octet);
      out.append(path.substring(i, i + 3).toUpperCase(Locale.ROOT));
      i += 2;
    }
    requireText(scope, decoded.flip());
    return out.toString();
  }

  private static int octet(String scope, String path, int at) {
    if (at + 3 > path.length()
        || !HexFormat.isHexDigit(path.charAt(at + 1))
        || !HexFormat.isHexDigit(path.charAt(at + 2))) {
      throw new InvalidScopeException(scope, "% begins an encoded octet, two hexadecimal digits");
    }
    int octet = HexFormat.fromHexDigits(path, at + 1, at + 3);
    if (octet < 0x80 && octet != ' ' && octet != '"') {
      throw new InvalidScopeException(
          scope, "only a space, a quote and non-ASCII characters may be percent-encoded");
    }
    return octet;
  }

  private static void requireText(String scope, ByteBuffer decoded) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(decoded).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidScopeException(scope, "encoded octets are not UTF-8");
    }
    if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)
        || text.codePoints().anyMatch(ScopePathSyntax::isInvisible)) {
      throw new InvalidScopeException(scope, "encoded text is visible and in normal form C");
    }
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.SURROGATE ->
          true;
      case Character.SPACE_SEPARATOR -> c != ' ';
      default -> false;
    };
  }
}
