package dev.relayauth.common.token;

import org.jspecify.annotations.Nullable;

/**
 * What a token must say to be accepted in one place.
 *
 * @param issuer equals {@code iss}
 * @param audience is in {@code aud}; null when the token is data, not a credential
 */
public record Expectations(String issuer, @Nullable String audience) {
  /** For a token presented as a credential. */
  public static Expectations bearer(String issuer, String audience) {
    return new Expectations(issuer, audience);
  }

  /** For a token sent as data: everything is checked but {@code aud}. */
  public static Expectations data(String issuer) {
    return new Expectations(issuer, null);
  }
}
