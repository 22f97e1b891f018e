package dev.relayauth.common.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Digests of text (FIPS 180-4), spelled as JOSE spells bytes (RFC 7515 §2). */
public final class Sha256 {
  private Sha256() {}

  /** The SHA-256 of {@code text} in UTF-8, in base64url without padding: 43 characters. */
  public static String base64Url(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
