package dev.relayauth.token.domain.issuing;

import dev.relayauth.token.domain.status.StatusPlace;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One pair of a session: the access token, and the hash of the refresh token issued with it.
 *
 * @param generation 0 for the first pair of the session
 * @param kid the key that signed the access token
 * @param status its place in a status list; null where its organisation has none
 * @param remaining what it tells its bearer is left of its budgets; null where it tells nothing
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
    String kid,
    @Nullable StatusPlace status,
    @Nullable BigDecimal remaining) {

  /** One without a place in a status list that tells nothing of budgets. */
  public IssuedToken(
      String jti,
      String sid,
      String org,
      int generation,
      Instant issuedAt,
      Instant expiresAt,
      long rev,
      String refreshHash,
      String kid) {
    this(jti, sid, org, generation, issuedAt, expiresAt, rev, refreshHash, kid, null, null);
  }

  /** The same token with that place. */
  public IssuedToken at(StatusPlace place) {
    return new IssuedToken(
        jti, sid, org, generation, issuedAt, expiresAt, rev, refreshHash, kid, place, remaining);
  }

  /** The same token, which tells that so much is left. */
  public IssuedToken telling(@Nullable BigDecimal left) {
    return new IssuedToken(
        jti, sid, org, generation, issuedAt, expiresAt, rev, refreshHash, kid, status, left);
  }

  /** Never the hash: it is what a stolen database would be searched for. */
  @Override
  public String toString() {
    return "IssuedToken[" + jti + ", generation=" + generation + "]";
  }
}
