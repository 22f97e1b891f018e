package dev.relayauth.common.token;

import java.math.BigInteger;
import java.security.spec.EdECPoint;
import java.util.Set;

/** The curve Ed25519 (RFC 8032 §5.1): {@code -x² + y² = 1 + dx²y²}. */
final class Ed25519 {
  private static final BigInteger FIELD =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger D =
      new BigInteger("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3", 16);
  private static final BigInteger HALF = FIELD.shiftRight(1);

  /** Of the points of order 8. */
  private static final BigInteger EIGHTH =
      new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16);

  /** Of all points of order 1, 2, 4 and 8, in that order. */
  private static final Set<BigInteger> SMALL_ORDER =
      Set.of(
          BigInteger.ONE,
          FIELD.subtract(BigInteger.ONE),
          BigInteger.ZERO,
          EIGHTH,
          FIELD.subtract(EIGHTH));

  private Ed25519() {}

  /**
   * Whether a public key is a point of the curve, and none by which anyone can sign: verification
   * multiplies the key by a number that its small order cancels.
   */
  static boolean isSafe(EdECPoint point) {
    BigInteger y = point.getY();
    return y.signum() >= 0 && y.compareTo(FIELD) < 0 && !SMALL_ORDER.contains(y) && isOnCurve(y);
  }

  /** RFC 8032 §5.1.3: {@code x² = (y² - 1) / (dy² + 1)} has a root, by Euler's criterion. */
  private static boolean isOnCurve(BigInteger y) {
    BigInteger square = y.multiply(y).mod(FIELD);
    BigInteger ratio =
        square.subtract(BigInteger.ONE).multiply(D.multiply(square).add(BigInteger.ONE));
    return ratio.mod(FIELD).modPow(HALF, FIELD).equals(BigInteger.ONE);
  }
}
