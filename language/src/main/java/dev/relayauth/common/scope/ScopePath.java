package dev.relayauth.common.scope;

/**
 * The last segment of a scope.
 *
 * @param text normalised
 * @param kind decides what {@code text} covers
 * @param number the bound of a limit, the value of an integer literal, otherwise -1
 */
record ScopePath(String text, Kind kind, long number) {
  enum Kind {
    ANY,
    PREFIX,
    LIMIT,
    LITERAL
  }

  /** So that every bound and every value compared with it fits a long. */
  private static final int MAX_DIGITS = 18;

  private static final ScopePath EVERYTHING = new ScopePath("*", Kind.ANY, -1);

  static ScopePath any() {
    return EVERYTHING;
  }

  static ScopePath parse(String scope, String written) {
    if (written.equals("*")) {
      return EVERYTHING;
    }
    String text = ScopePathSyntax.normalise(scope, written);
    if (text.startsWith("<=")) {
      return new ScopePath(text, Kind.LIMIT, limit(scope, text.substring(2)));
    }
    if (text.startsWith("<") || text.startsWith(">")) {
      throw new InvalidScopeException(scope, "the only constraint is <=N");
    }
    if (text.endsWith("/*")) {
      return new ScopePath(text, Kind.PREFIX, -1);
    }
    return new ScopePath(text, Kind.LITERAL, isDigits(text) ? value(text) : -1);
  }

  private static long limit(String scope, String digits) {
    boolean canonical = isDigits(digits) && (digits.length() == 1 || digits.charAt(0) != '0');
    if (!canonical || digits.length() > MAX_DIGITS) {
      throw new InvalidScopeException(
          scope, "a constraint is <=N, N an integer of at most " + MAX_DIGITS + " digits");
    }
    return Long.parseLong(digits);
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Leading zeros don't hide a value from a limit; one above every possible limit is -1. */
  private static long value(String digits) {
    int start = 0;
    while (start < digits.length() - 1 && digits.charAt(start) == '0') {
      start++;
    }
    String significant = digits.substring(start);
    return significant.length() > MAX_DIGITS ? -1 : Long.parseLong(significant);
  }

  boolean covers(ScopePath requested) {
    return switch (kind) {
      case ANY -> true;
      case PREFIX -> requested.isPlace() && requested.text.startsWith(prefix());
      case LIMIT -> requested.number >= 0 && requested.number <= number;
      case LITERAL -> text.equals(requested.text);
    };
  }

  /** {@code /docs/*} covers {@code /docs/} and what is below, never {@code /docs} itself. */
  private String prefix() {
    return text.substring(0, text.length() - 1);
  }

  private boolean isPlace() {
    return kind == Kind.PREFIX || kind == Kind.LITERAL;
  }

  boolean isAny() {
    return kind == Kind.ANY;
  }

  boolean isAnyOrAbsolute() {
    return kind == Kind.ANY || text.startsWith("/");
  }
}
