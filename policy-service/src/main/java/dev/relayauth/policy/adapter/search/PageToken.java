package dev.relayauth.policy.adapter.search;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a page of a search ends: opaque outside, the last key inside, and only for its search. */
public final class PageToken {
  private static final int MAX_LENGTH = 2048;

  private PageToken() {}

  /** The token after {@code key} of the search named by {@code question}. */
  public static String of(String question, String key) {
    String text = digest(question) + "." + key;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The key in a token; empty without one.
   *
   * @throws RefusedException when it was not made for that question
   */
  public static String key(String question, @Nullable String token) {
    if (token == null || token.isEmpty()) {
      return "";
    }
    try {
      if (token.length() <= MAX_LENGTH) {
        String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        String prefix = digest(question) + ".";
        if (text.startsWith(prefix)) {
          return text.substring(prefix.length());
        }
      }
    } catch (IllegalArgumentException e) {
      // Falls through: it is not Base64.
    }
    throw new RefusedException(
        ErrorCode.VALIDATION_FAILED, "the page token is not one that we issued for this search");
  }

  private static String digest(String question) {
    return Integer.toHexString(question.hashCode());
  }
}
