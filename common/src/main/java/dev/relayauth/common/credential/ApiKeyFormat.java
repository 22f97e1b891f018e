package dev.relayauth.common.credential;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The form of our keys: a prefix, 43 base64url characters of 256 random bits, and a checksum of 6
 * hex digits, so that a mistyped key or a random string costs nobody a look-up.
 */
public final class ApiKeyFormat {
  /** API keys. */
  public static final String API_KEY = "rak_";

  /** Workspace tokens. */
  public static final String WORKSPACE_TOKEN = "relay_ws_";

  /** The platform key. */
  public static final String PLATFORM = "rpk_";

  private static final int SECRET_LENGTH = 43;
  private static final int CHECKSUM_LENGTH = 6;
  private static final int SHOWN = 6;

  private ApiKeyFormat() {}

  /** Makes a new key with that prefix. */
  public static String generate(String prefix, SecureRandom random) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    String body = prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return body + checksum(body);
  }

  /** Whether {@code key} has the form of one of ours, checksum included. */
  public static boolean isWellFormed(String prefix, String key) {
    int length = prefix.length() + SECRET_LENGTH;
    if (!key.startsWith(prefix) || key.length() != length + CHECKSUM_LENGTH) {
      return false;
    }
    return checksum(key.substring(0, length)).equals(key.substring(length));
  }

  /** What people may see of a key: its prefix and the first characters. */
  public static String visiblePart(String prefix, String key) {
    return key.substring(0, prefix.length() + SHOWN);
  }

  /** Lower-case hex SHA-256 of the whole key: what is stored and looked up. */
  public static String hash(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(US_ASCII));
    return HexFormat.of().toHexDigits((int) crc.getValue()).substring(2);
  }
}
