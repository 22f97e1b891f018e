package dev.relayauth.common.token;

import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;

/** The curve P-256 (FIPS 186-5, SP 800-186 §3.2.1.3): {@code y² = x³ - 3x + b}. */
final class P256 {
  /** Order of its group. */
  static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private static final BigInteger FIELD =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
  private static final BigInteger THREE = BigInteger.valueOf(3);

  private P256() {}

  static boolean isCurve(ECParameterSpec curve) {
    return ORDER.equals(curve.getOrder())
        && curve.getCofactor() == 1
        && curve.getCurve().getField() instanceof ECFieldFp field
        && field.getP().equals(FIELD);
  }

  /** Not every provider looks before it computes. */
  static boolean isOnCurve(ECPoint point) {
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    if (x == null || y == null || !isElement(x) || !isElement(y)) {
      return false;
    }
    BigInteger right = x.multiply(x).subtract(THREE).multiply(x).add(B).mod(FIELD);
    return y.multiply(y).mod(FIELD).equals(right);
  }

  private static boolean isElement(BigInteger value) {
    return value.signum() >= 0 && value.compareTo(FIELD) < 0;
  }
}
