package dev.relayauth.token.domain.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM for keys at rest, with the {@code kid} as associated data, so that no row can take
 * another's place. The form is version, name of the key-encryption key, nonce, ciphertext; the
 * first version had no name. What a former key-encryption key wrote is still read.
 */
public final class KeyEncryption {
  private static final byte UNNAMED = 1;
  private static final byte NAMED = 2;
  private static final int KEY_BYTES = 32;
  private static final int NAME_BYTES = 4;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String CIPHER = "AES/GCM/NoPadding";

  private final List<Wrapping> wrappings;
  private final SecureRandom random;

  /** Under keys of 32 bytes: the first encrypts, all decrypt. */
  public KeyEncryption(List<byte[]> keys, SecureRandom random) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("there is no key-encryption key");
    }
    this.wrappings = keys.stream().map(Wrapping::of).toList();
    this.random = random;
  }

  private record Wrapping(byte[] name, SecretKeySpec key) {
    static Wrapping of(byte[] key) {
      if (key.length != KEY_BYTES) {
        throw new IllegalArgumentException("a key-encryption key needs 32 bytes");
      }
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
        return new Wrapping(Arrays.copyOf(hash, NAME_BYTES), new SecretKeySpec(key, "AES"));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }

  /** Encrypts a private JWK. */
  public byte[] encrypt(String kid, String privateJwk) {
    Wrapping current = wrappings.getFirst();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] text = privateJwk.getBytes(StandardCharsets.UTF_8);
    byte[] sealed = apply(Cipher.ENCRYPT_MODE, current, kid, nonce, text);
    return ByteBuffer.allocate(1 + NAME_BYTES + NONCE_BYTES + sealed.length)
        .put(NAMED)
        .put(current.name())
        .put(nonce)
        .put(sealed)
        .array();
  }

  /** Whether it was encrypted under the first of the keys. */
  public boolean isCurrent(byte[] stored) {
    return stored.length > NAME_BYTES
        && stored[0] == NAMED
        && Arrays.equals(stored, 1, 1 + NAME_BYTES, wrappings.getFirst().name(), 0, NAME_BYTES);
  }

  /**
   * Decrypts a private JWK.
   *
   * @throws IllegalStateException when none of the keys encrypted it, or the {@code kid} is another
   */
  public String decrypt(String kid, byte[] stored) {
    ByteBuffer parts = ByteBuffer.wrap(stored);
    if (stored.length <= 1 + NAME_BYTES + NONCE_BYTES) {
      throw unreadable(kid);
    }
    byte version = parts.get();
    if (version == UNNAMED) {
      return decrypt(kid, wrappings, parts);
    }
    byte[] name = new byte[NAME_BYTES];
    parts.get(name);
    if (version != NAMED) {
      throw unreadable(kid);
    }
    return decrypt(
        kid, wrappings.stream().filter(key -> Arrays.equals(key.name(), name)).toList(), parts);
  }

  private static String decrypt(String kid, List<Wrapping> candidates, ByteBuffer parts) {
    byte[] nonce = new byte[NONCE_BYTES];
    parts.get(nonce);
    byte[] sealed = new byte[parts.remaining()];
    parts.get(sealed);
    for (Wrapping candidate : candidates) {
      try {
        return new String(
            apply(Cipher.DECRYPT_MODE, candidate, kid, nonce, sealed), StandardCharsets.UTF_8);
      } catch (IllegalStateException e) {
        // Another may have encrypted it.
        continue;
      }
    }
    throw unreadable(kid);
  }

  private static IllegalStateException unreadable(String kid) {
    return new IllegalStateException(
        "key " + kid + " can't be read: is its key-encryption key configured?");
  }

  private static byte[] apply(int mode, Wrapping wrapping, String kid, byte[] nonce, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, wrapping.key(), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(kid.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("key " + kid + " can't be read or written", e);
    }
  }

  @Override
  public String toString() {
    return "KeyEncryption[redacted]";
  }
}
