package dev.relayauth.common.credential;

import dev.relayauth.common.token.DpopProofs;
import org.jspecify.annotations.Nullable;

/** What a request presents, before anything is checked. Its text never shows. */
public sealed interface PresentedCredential {
  /** The scheme of RFC 6750. */
  String BEARER = "Bearer ";

  /** The scheme of RFC 9449. */
  String DPOP = "DPoP ";

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

  /** A token bound to a key, with the proof that came along (RFC 9449 §7.1). */
  record BoundToken(String compact, DpopProofs.Presented proof) implements PresentedCredential {
    @Override
    public String toString() {
      return "BoundToken[redacted]";
    }
  }

  /** An API key, workspace token or platform key. */
  record Key(String key) implements PresentedCredential {
    @Override
    public String toString() {
      return "Key[redacted]";
    }
  }

  /** Reads the headers; a request that presents two credentials is unreadable. */
  static PresentedCredential of(
      @Nullable String authorization, @Nullable String apiKey, DpopProofs.Presented proof) {
    if (authorization != null && apiKey == null && isBound(authorization)) {
      String value = authorization.substring(DPOP.length()).strip();
      return value.isEmpty()
          ? new Unreadable("the DPoP token is empty")
          : new BoundToken(value, proof);
    }
    return of(authorization, apiKey);
  }

  /** Whether a header presents a token as one that is bound to a key. */
  static boolean isBound(@Nullable String authorization) {
    return authorization != null && isScheme(authorization, DPOP);
  }

  /** RFC 7235 §2.1: the scheme is case-insensitive. */
  private static boolean isScheme(String authorization, String scheme) {
    return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  /** Reads two of the headers, where no token can be bound to a key. */
  static PresentedCredential of(@Nullable String authorization, @Nullable String apiKey) {
    if (authorization == null) {
      return apiKey == null ? new None() : key(apiKey);
    }
    if (apiKey != null) {
      return new Unreadable("send either Authorization or x-api-key, not both");
    }
    if (!isScheme(authorization, BEARER)) {
      return new Unreadable("Authorization must be: Bearer <token>");
    }
    String value = authorization.substring(BEARER.length()).strip();
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
