package dev.relayauth.token.domain.refreshing;

import dev.relayauth.common.token.Sha256;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** An opaque refresh token: 256 bits that nobody can guess. Its text never shows. */
public record RefreshToken(String text) {
  private static final String PREFIX = "rrt_";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

  static RefreshToken of(byte[] secret) {
    return new RefreshToken(
        PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  /** The token a client sends; empty when it can't be one of ours. */
  public static Optional<RefreshToken> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new RefreshToken(text)) : Optional.empty();
  }

  /** What is stored of it: base64url SHA-256 of the text. */
  public String hash() {
    return Sha256.base64Url(text);
  }

  @Override
  public String toString() {
    return "RefreshToken[redacted]";
  }
}
