package dev.relayauth.sdk;

import java.time.Instant;
import java.util.List;

/** An access token, and the refresh token that gets the next one. */
public record TokenPair(
    String accessToken,
    String refreshToken,
    Instant accessTokenExpiresAt,
    Instant refreshTokenExpiresAt,
    String tokenType,
    String sessionId,
    List<String> scopes) {

  @Override
  public String toString() {
    return "TokenPair[sessionId=" + sessionId + ", scopes=" + scopes + ", tokens redacted]";
  }
}
