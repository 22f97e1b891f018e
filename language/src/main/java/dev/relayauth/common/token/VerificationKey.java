package dev.relayauth.common.token;

import java.security.PublicKey;

/**
 * A public key and the one algorithm it is used with.
 *
 * @param kid its name in headers
 */
public record VerificationKey(String kid, SigningAlgorithm algorithm, PublicKey key) {
  /** Refuses a key that isn't of the algorithm's kind and strength. */
  public VerificationKey {
    if (kid.isEmpty()) {
      throw new IllegalArgumentException("a key needs a kid");
    }
    if (SigningAlgorithm.ofKey(key).filter(algorithm::equals).isEmpty()) {
      throw new IllegalArgumentException("not a key for " + algorithm.jwsName());
    }
  }

  /** The public JWK, with {@code kid}, {@code use} and {@code alg}. */
  public String toJwk() {
    return JoseKeys.publicJwk(this).toJson();
  }
}
