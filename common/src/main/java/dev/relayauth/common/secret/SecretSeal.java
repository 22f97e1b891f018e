package dev.relayauth.common.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM for secrets at rest, with the name of what they belong to as associated data, so that
 * no row can take another's place. The form is version, name of the key-encryption key, nonce,
 * ciphertext; the first version had no name. What a former key-encryption key wrote is still read.
 */
public final class SecretSeal {
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
  public SecretSeal(List<byte[]> keys, SecureRandom random) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("there is no key-encryption key");
    }
    this.wrappings = keys.stream().map(Wrapping::of).toList();
    this.random = random;
  }

  /**
   * Under one key of 32 bytes in base64url.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SecretSeal of(String base64Url, SecureRandom random) {
    return new SecretSeal(List.of(Base64.getUrlDecoder().decode(base64Url)), random);
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

  /** Encrypts a secret of {@code owner}. */
  public byte[] seal(String owner, String secret) {
    Wrapping current = wrappings.getFirst();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] text = secret.getBytes(StandardCharsets.UTF_8);
    byte[] sealed = apply(Cipher.ENCRYPT_MODE, current, owner, nonce, text);
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
   * Decrypts a secret.
   *
   * @throws IllegalStateException when none of the keys encrypted it, or the owner is another
   */
  public String open(String owner, byte[] stored) {
    ByteBuffer parts = ByteBuffer.wrap(stored);
    if (stored.length <= 1 + NAME_BYTES + NONCE_BYTES) {
      throw unreadable(owner);
    }
    byte version = parts.get();
    if (version == UNNAMED) {
      return open(owner, wrappings, parts);
    }
    byte[] name = new byte[NAME_BYTES];
    parts.get(name);
    if (version != NAMED) {
      throw unreadable(owner);
    }
    return open(
        owner, wrappings.stream().filter(key -> Arrays.equals(key.name(), name)).toList(), parts);
  }

  private static String open(String owner, List<Wrapping> candidates, ByteBuffer parts) {
    byte[] nonce = new byte[NONCE_BYTES];
    parts.get(nonce);
    byte[] sealed = new byte[parts.remaining()];
    parts.get(sealed);
    for (Wrapping candidate : candidates) {
      try {
        return new String(
            apply(Cipher.DECRYPT_MODE, candidate, owner, nonce, sealed), StandardCharsets.UTF_8);
      } catch (IllegalStateException e) {
        // Another may have encrypted it.
        continue;
      }
    }
    throw unreadable(owner);
  }

  private static IllegalStateException unreadable(String owner) {
    return new IllegalStateException(
        "the secret of " + owner + " can't be read: is its key-encryption key configured?");
  }

  private static byte[] apply(
      int mode, Wrapping wrapping, String owner, byte[] nonce, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, wrapping.key(), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the secret of " + owner + " can't be read or written", e);
    }
  }

  @Override
  public String toString() {
    return "SecretSeal[redacted]";
  }
}
