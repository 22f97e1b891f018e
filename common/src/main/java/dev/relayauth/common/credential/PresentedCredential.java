package dev.relayauth.common.credential;

import org.jspecify.annotations.Nullable;

/** What a request presents, before anything is checked. Its text never shows. */
public sealed interface PresentedCredential {
  /** No credential at all. */
  record None() implements PresentedCredential {}

  /** Something that is not a credential we know how to read. */
  record Unreadable(String detail) implements PresentedCredential {}

  /** A JWT, or one of our prefixed tokens. */
  record Token(String compact) implements PresentedCredential {
    @Override
    public String toString() {
      return "Token[redacted]";
    }
  }

  /** An API key, workspace token or platform key. */
  record Key(String key) implements PresentedCredential {
    @Override
    public String toString() {
      return "Key[redacted]";
    }
  }

  /** Reads the two headers; a request that presents two credentials is unreadable. */
  static PresentedCredential of(@Nullable String authorization, @Nullable String apiKey) {
    if (authorization == null) {
      return apiKey == null ? new None() : key(apiKey);
    }
    if (apiKey != null) {
      return new Unreadable("send either Authorization or x-api-key, not both");
    }
    // RFC 7235 §2.1: the scheme is case-insensitive.
    if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return new Unreadable("Authorization must be: Bearer <token>");
    }
    String value = authorization.substring(7).strip();
    if (value.isEmpty()) {
      return new Unreadable("the bearer token is empty");
    }
    return isKey(value) ? key(value) : new Token(value);
  }

  private static PresentedCredential key(String value) {
    return value.isBlank() ? new Unreadable("x-api-key is empty") : new Key(value.strip());
  }

  private static boolean isKey(String value) {
    return value.startsWith(ApiKeyFormat.API_KEY)
        || value.startsWith(ApiKeyFormat.WORKSPACE_TOKEN)
        || value.startsWith(ApiKeyFormat.PLATFORM);
  }
}
