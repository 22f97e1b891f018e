package dev.relayauth.token.domain.refreshing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes refresh tokens. A successor is derived from its predecessor under a server key, so that an
 * honest retry gets the same one though only hashes are stored.
 */
public final class RefreshTokens {
  private static final int BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] LABEL = "relayauth refresh v1:".getBytes(StandardCharsets.US_ASCII);

  private final SecretKeySpec key;
  private final SecureRandom random;

  /** Under a key of at least 32 bytes. */
  public RefreshTokens(byte[] key, SecureRandom random) {
    if (key.length < BYTES) {
      throw new IllegalArgumentException("the refresh key needs 32 bytes");
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
    this.random = random;
  }

  /** The first of a family. */
  public RefreshToken generate() {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    return RefreshToken.of(secret);
  }

  /** The one that replaces {@code predecessor}, the same each time. */
  public RefreshToken successorOf(RefreshToken predecessor) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(LABEL);
      return RefreshToken.of(mac.doFinal(predecessor.text().getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }
}
