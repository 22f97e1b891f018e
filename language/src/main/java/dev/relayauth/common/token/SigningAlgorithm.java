package dev.relayauth.common.token;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The signature algorithms we accept. There is no other, whatever a header says. */
public enum SigningAlgorithm {
  /** Ed25519 alone, never Ed448 (RFC 8037). */
  EDDSA("EdDSA", "Ed25519"),
  /** ECDSA on P-256 (RFC 7518 §3.4), in the fixed-length form JWS uses. */
  ES256("ES256", "SHA256withECDSAinP1363Format"),
  /** RSASSA-PKCS1-v1_5 with 2048 to 4096 bits (RFC 7518 §3.3). */
  RS256("RS256", "SHA256withRSA");

  private static final int MIN_RSA_BITS = 2048;

  /** Somebody else's key may cost us no more than this at each verification. */
  private static final int MAX_RSA_BITS = 4096;

  /** The product of all primes to 751: none divides a modulus (NIST SP 800-89 §5.3.3). */
  private static final BigInteger SMALL_PRIMES =
      IntStream.rangeClosed(2, 751)
          .filter(n -> IntStream.range(2, n).allMatch(d -> n % d != 0))
          .mapToObj(BigInteger::valueOf)
          .reduce(BigInteger.ONE, BigInteger::multiply);

  private static final int MAX_RSA_EXPONENT_BITS = 32;

  private final String jwsName;
  private final String jcaName;

  SigningAlgorithm(String jwsName, String jcaName) {
    this.jwsName = jwsName;
    this.jcaName = jcaName;
  }

  /** The value of {@code alg}. */
  public String jwsName() {
    return jwsName;
  }

  /** All values of {@code alg}, as metadata lists them. */
  public static List<String> jwsNames() {
    return Arrays.stream(values()).map(SigningAlgorithm::jwsName).toList();
  }

  String jcaName() {
    return jcaName;
  }

  /** The algorithm of exactly that {@code alg}; empty for any other text, {@code none} included. */
  public static Optional<SigningAlgorithm> ofJwsName(String alg) {
    for (SigningAlgorithm algorithm : values()) {
      if (algorithm.jwsName.equals(alg)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /** The one algorithm a public key is used with; empty when the key is of no kind we accept. */
  public static Optional<SigningAlgorithm> ofKey(PublicKey key) {
    if (key instanceof EdECPublicKey ed) {
      boolean known = ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName());
      return known && Ed25519.isSafe(ed.getPoint()) ? Optional.of(EDDSA) : Optional.empty();
    }
    if (key instanceof ECPublicKey ec) {
      return P256.isCurve(ec.getParams()) && P256.isOnCurve(ec.getW())
          ? Optional.of(ES256)
          : Optional.empty();
    }
    return key instanceof RSAPublicKey rsa && isUsable(rsa) ? Optional.of(RS256) : Optional.empty();
  }

  /** With an exponent of one, every message is its own signature. */
  private static boolean isUsable(RSAPublicKey key) {
    int bits = key.getModulus().bitLength();
    BigInteger exponent = key.getPublicExponent();
    return bits >= MIN_RSA_BITS
        && bits <= MAX_RSA_BITS
        && exponent.testBit(0)
        && exponent.compareTo(BigInteger.ONE) > 0
        && exponent.bitLength() <= MAX_RSA_EXPONENT_BITS
        && key.getModulus().gcd(SMALL_PRIMES).equals(BigInteger.ONE);
  }
}
