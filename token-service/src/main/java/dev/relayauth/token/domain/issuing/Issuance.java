package dev.relayauth.token.domain.issuing;

import dev.relayauth.token.domain.refreshing.RefreshToken;

/** A pair that has been signed: what is kept of it, and what the client gets. */
public record Issuance(
    Session session, IssuedToken token, String accessToken, RefreshToken refreshToken) {
  /** Never the tokens. */
  @Override
  public String toString() {
    return "Issuance[" + token + "]";
  }
}
