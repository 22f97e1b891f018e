package dev.relayauth.token.domain.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM for keys at rest, with the {@code kid} as associated data, so that no row can take
 * another's place. The form is version, nonce, ciphertext.
 */
public final class KeyEncryption {
  private static final byte VERSION = 1;
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String CIPHER = "AES/GCM/NoPadding";

  private final SecretKeySpec key;
  private final SecureRandom random;

  /** Under a key of 32 bytes. */
  public KeyEncryption(byte[] key, SecureRandom random) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("the key-encryption key needs 32 bytes");
    }
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  /** Encrypts a private JWK. */
  public byte[] encrypt(String kid, String privateJwk) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed =
        apply(Cipher.ENCRYPT_MODE, kid, nonce, privateJwk.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
        .put(VERSION)
        .put(nonce)
        .put(sealed)
        .array();
  }

  /**
   * Decrypts a private JWK.
   *
   * @throws IllegalStateException when the key-encryption key or the {@code kid} is another
   */
  public String decrypt(String kid, byte[] stored) {
    ByteBuffer parts = ByteBuffer.wrap(stored);
    if (stored.length <= 1 + NONCE_BYTES || parts.get() != VERSION) {
      throw new IllegalStateException("a stored key in an unknown form: " + kid);
    }
    byte[] nonce = new byte[NONCE_BYTES];
    parts.get(nonce);
    byte[] sealed = new byte[parts.remaining()];
    parts.get(sealed);
    return new String(apply(Cipher.DECRYPT_MODE, kid, nonce, sealed), StandardCharsets.UTF_8);
  }

  private byte[] apply(int mode, String kid, byte[] nonce, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(kid.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "key " + kid + " can't be read: is the key-encryption key the right one?", e);
    }
  }

  @Override
  public String toString() {
    return "KeyEncryption[redacted]";
  }
}
