package dev.relayauth.common.token;

import java.math.BigInteger;
import java.util.Arrays;

/** P-256 signatures in the form {@code r || s} (RFC 7518 §3.4). */
final class EcdsaSignature {
  static final int LENGTH = 64;

  private static final BigInteger ORDER = P256.ORDER;
  private static final BigInteger HALF = ORDER.shiftRight(1);

  private EcdsaSignature() {}

  /** Both numbers in 1..n-1: r = s = 0 verifies anything in a careless implementation. */
  static boolean isWellFormed(byte[] signature) {
    return signature.length == LENGTH && isScalar(r(signature)) && isScalar(s(signature));
  }

  /** Of the twins (r, s) and (r, n - s), both valid, the one our signers make. */
  static boolean isLow(byte[] signature) {
    return s(signature).compareTo(HALF) <= 0;
  }

  static byte[] toLow(byte[] signature) {
    if (isLow(signature)) {
      return signature;
    }
    byte[] s = ORDER.subtract(s(signature)).toByteArray();
    int from = Math.max(0, s.length - LENGTH / 2);
    byte[] low = Arrays.copyOf(signature, LENGTH);
    Arrays.fill(low, LENGTH / 2, LENGTH, (byte) 0);
    System.arraycopy(s, from, low, LENGTH - (s.length - from), s.length - from);
    return low;
  }

  private static boolean isScalar(BigInteger value) {
    return value.signum() > 0 && value.compareTo(ORDER) < 0;
  }

  private static BigInteger r(byte[] signature) {
    return new BigInteger(1, signature, 0, LENGTH / 2);
  }

  private static BigInteger s(byte[] signature) {
    return new BigInteger(1, signature, LENGTH / 2, LENGTH / 2);
  }
}
