package dev.relayauth.token.domain.issuing;

import java.time.Instant;

/**
 * One pair of a session: the access token, and the hash of the refresh token issued with it.
 *
 * @param generation 0 for the first pair of the session
 * @param kid the key that signed the access token
 * @param rev the last revocation sequence applied before the first check
 */
public record IssuedToken(
    String jti,
    String sid,
    String org,
    int generation,
    Instant issuedAt,
    Instant expiresAt,
    long rev,
    String refreshHash,
    String kid) {

  /** Never the hash: it is what a stolen database would be searched for. */
  @Override
  public String toString() {
    return "IssuedToken[" + jti + ", generation=" + generation + "]";
  }
}
