package dev.relayauth.policy.domain.decision;

/**
 * A pattern where {@code *} is any run of characters and {@code ?} is one. Matching takes at most
 * pattern × text steps, whatever the pattern.
 */
record Glob(String pattern) {
  /** The longest pattern. */
  static final int MAX_LENGTH = 256;

  boolean matches(String text) {
    int p = 0;
    int star = -1;
    int resume = 0;
    int t = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p;
        p++;
        resume = t;
      } else if (p < pattern.length() && isSame(pattern.charAt(p), text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        resume++;
        t = resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  private static boolean isSame(char wanted, char found) {
    return wanted == '?' || wanted == found;
  }
}
