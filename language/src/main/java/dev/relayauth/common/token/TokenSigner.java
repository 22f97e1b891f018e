package dev.relayauth.common.token;

import java.util.EnumSet;
import java.util.Set;

/** Signs access tokens with one key. Safe for use by many threads. */
public final class TokenSigner {
  private static final Set<JwtType> ACCESS = EnumSet.of(JwtType.JWT, JwtType.ACCESS_TOKEN);
  private static final Set<JwtType> STATEMENTS =
      EnumSet.of(JwtType.STATUS_LIST, JwtType.SECURITY_EVENT);

  private final SigningKey key;
  private final CompactSigner signer;

  public TokenSigner(SigningKey key, CryptoProvider crypto) {
    this.key = key;
    this.signer = new CompactSigner(key, crypto);
  }

  /** The name of the key, as the headers carry it. */
  public String kid() {
    return key.kid();
  }

  /**
   * A compact JWT of these claims.
   *
   * @param type {@code JWT} or {@code ACCESS_TOKEN}
   * @throws TokenTooLargeException when verifiers would refuse it for its length
   */
  public String sign(Claims claims, JwtType type) {
    if (!ACCESS.contains(type)) {
      throw new IllegalArgumentException("no access token is a " + type);
    }
    String payload = ClaimsJson.write(claims);
    if (payload.length() > CompactJws.MAX_LENGTH) {
      throw new TokenTooLargeException();
    }
    String compact = signer.sign(type, payload);
    if (compact.length() > CompactJws.MAX_LENGTH - JwsTokenVerifier.PREFIX_LENGTH) {
      throw new TokenTooLargeException();
    }
    return compact;
  }

  /**
   * A compact JWT that says something about tokens and is none itself: no verifier takes its type
   * for a bearer's.
   *
   * @param type {@code STATUS_LIST} or {@code SECURITY_EVENT}
   * @param payload a JSON object
   */
  public String signStatement(JwtType type, String payload) {
    if (!STATEMENTS.contains(type)) {
      throw new IllegalArgumentException("a " + type + " is no statement");
    }
    return signer.sign(type, payload);
  }

  @Override
  public String toString() {
    return "TokenSigner[" + key + "]";
  }
}
