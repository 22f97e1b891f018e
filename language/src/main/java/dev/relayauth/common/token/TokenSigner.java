package dev.relayauth.common.token;

/** Signs access tokens with one key. Safe for use by many threads. */
public final class TokenSigner {
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
    if (type == JwtType.SERVICE_TOKEN) {
      throw new IllegalArgumentException("service tokens have their own signer and keys");
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

  @Override
  public String toString() {
    return "TokenSigner[" + key + "]";
  }
}
