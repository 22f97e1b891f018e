package dev.relayauth.common.revocation;

import java.security.SecureRandom;

/**
 * Hashes of names under a secret of this process, so that nobody outside can choose names that
 * collide.
 */
final class Fingerprint {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final long SECRET = new SecureRandom().nextLong();

  private Fingerprint() {}

  static long of(String text) {
    return of(text, 0);
  }

  static long of(String text, int salt) {
    long hash = SECRET ^ salt;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * MULTIPLIER;
      hash ^= hash >>> 29;
    }
    return hash;
  }

  /** Hashes two hashes into one, whose every bit depends on all of theirs. */
  static long mix(long first, long second) {
    long hash = (first ^ Long.rotateLeft(second, 32) ^ SECRET) * MULTIPLIER;
    hash = (hash ^ (hash >>> 32)) * 0xD6E8FEB86659FD93L;
    return hash ^ (hash >>> 32);
  }
}
