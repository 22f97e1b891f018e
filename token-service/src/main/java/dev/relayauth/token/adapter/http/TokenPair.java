package dev.relayauth.token.adapter.http;

import dev.relayauth.token.domain.issuing.Issuance;
import java.time.Instant;
import java.util.List;

/** A pair as clients read it. */
record TokenPair(
    String accessToken,
    String refreshToken,
    Instant accessTokenExpiresAt,
    Instant refreshTokenExpiresAt,
    String tokenType,
    String sessionId,
    List<String> scopes) {

  static TokenPair of(Issuance issuance) {
    return new TokenPair(
        issuance.accessToken(),
        issuance.refreshToken().text(),
        issuance.token().expiresAt(),
        issuance.session().refreshExpiresAt(),
        "Bearer",
        issuance.session().sid(),
        issuance.session().scopes());
  }

  @Override
  public String toString() {
    return "TokenPair[" + sessionId + "]";
  }
}
