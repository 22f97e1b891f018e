package dev.relayauth.common.token;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;

/** A key pair that signs. Its private half is never printed. */
public record SigningKey(
    String kid, SigningAlgorithm algorithm, PrivateKey privateKey, PublicKey publicKey) {
  /** Refuses halves that aren't of the algorithm's kind. */
  public SigningKey {
    if (!new VerificationKey(kid, algorithm, publicKey)
        .key()
        .getAlgorithm()
        .equals(privateKey.getAlgorithm())) {
      throw new IllegalArgumentException("the private key is of another kind");
    }
  }

  /** A new key; {@code kid} is its RFC 7638 thumbprint. RSA keys have 3072 bits. */
  public static SigningKey generate(SigningAlgorithm algorithm) {
    KeyPair pair = JoseKeys.newPair(algorithm);
    return of(JoseKeys.thumbprint(pair.getPublic()), algorithm, pair);
  }

  /** A new key with a chosen name. */
  public static SigningKey generate(SigningAlgorithm algorithm, String kid) {
    return of(kid, algorithm, JoseKeys.newPair(algorithm));
  }

  private static SigningKey of(String kid, SigningAlgorithm algorithm, KeyPair pair) {
    return new SigningKey(kid, algorithm, pair.getPrivate(), pair.getPublic());
  }

  /**
   * Reads a private JWK; without a {@code kid} it gets its thumbprint.
   *
   * @throws InvalidJwkException when it isn't a private key we can sign with
   */
  public static SigningKey fromPrivateJwk(String json) {
    return JoseKeys.parsePrivate(json);
  }

  /** The private JWK, for a store that keeps it secret. */
  public String toPrivateJwk() {
    return JoseKeys.privateJwk(this);
  }

  /** The half that everyone may see. */
  public VerificationKey verificationKey() {
    return new VerificationKey(kid, algorithm, publicKey);
  }

  @Override
  public String toString() {
    return "SigningKey[kid=" + kid + ", algorithm=" + algorithm + ", privateKey=<redacted>]";
  }
}
