package dev.relayauth.common.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM for secrets at rest, with the name of what they belong to as associated data, so that
 * no row can take another's place. The form is version, nonce, ciphertext.
 */
public final class SecretSeal {
  private static final byte VERSION = 1;
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String CIPHER = "AES/GCM/NoPadding";

  private final SecretKeySpec key;
  private final SecureRandom random;

  private SecretSeal(byte[] key, SecureRandom random) {
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  /**
   * Under a key of 32 bytes in base64url.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SecretSeal of(String base64Url, SecureRandom random) {
    byte[] key = Base64.getUrlDecoder().decode(base64Url);
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("the key-encryption key needs 32 bytes");
    }
    return new SecretSeal(key, random);
  }

  /** Encrypts a secret of {@code owner}. */
  public byte[] seal(String owner, String secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = apply(Cipher.ENCRYPT_MODE, owner, nonce, secret.getBytes(UTF_8));
    return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
        .put(VERSION)
        .put(nonce)
        .put(sealed)
        .array();
  }

  /**
   * Decrypts a secret.
   *
   * @throws IllegalStateException when the key-encryption key or the owner is another
   */
  public String open(String owner, byte[] stored) {
    ByteBuffer parts = ByteBuffer.wrap(stored);
    if (stored.length <= 1 + NONCE_BYTES || parts.get() != VERSION) {
      throw new IllegalStateException("a stored secret in an unknown form: " + owner);
    }
    byte[] nonce = new byte[NONCE_BYTES];
    parts.get(nonce);
    byte[] sealed = new byte[parts.remaining()];
    parts.get(sealed);
    return new String(apply(Cipher.DECRYPT_MODE, owner, nonce, sealed), UTF_8);
  }

  private byte[] apply(int mode, String owner, byte[] nonce, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(owner.getBytes(UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "the secret of " + owner + " can't be read: is the key-encryption key the right one?", e);
    }
  }

  @Override
  public String toString() {
    return "SecretSeal[redacted]";
  }
}
