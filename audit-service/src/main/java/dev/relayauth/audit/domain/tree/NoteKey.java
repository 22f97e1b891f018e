package dev.relayauth.audit.domain.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The public half of a key that signs notes (C2SP signed-note): Ed25519, under a name.
 *
 * @param publicKey 32 bytes
 */
public record NoteKey(String name, byte[] publicKey) {
  private static final byte ED25519 = 1;
  private static final int LENGTH = 32;

  /** The DER header of an Ed25519 public key (RFC 8410 §4). */
  private static final byte[] HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

  /** Refuses names that a note can't carry. */
  public NoteKey {
    if (name.isEmpty() || name.chars().anyMatch(c -> c == '+' || Character.isWhitespace(c))) {
      throw new IllegalArgumentException("no name of a key: " + name);
    }
    if (publicKey.length != LENGTH) {
      throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
    }
  }

  /** Of a public key of the JDK. */
  public static NoteKey of(String name, PublicKey key) {
    byte[] encoded = key.getEncoded();
    return new NoteKey(name, Arrays.copyOfRange(encoded, encoded.length - LENGTH, encoded.length));
  }

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static NoteKey parse(String text) {
    String[] parts = text.strip().split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a verifier key reads <name>+<hash>+<key>");
    }
    byte[] key = Base64.getDecoder().decode(parts[2]);
    if (key.length != 1 + LENGTH || key[0] != ED25519) {
      throw new IllegalArgumentException("this is no Ed25519 key");
    }
    NoteKey parsed = new NoteKey(parts[0], Arrays.copyOfRange(key, 1, key.length));
    if (!parsed.toString().equals(text.strip())) {
      throw new IllegalArgumentException("the hash is of another key");
    }
    return parsed;
  }

  /** The first four bytes of what identifies the key. */
  public byte[] id() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(name.getBytes(UTF_8));
      digest.update((byte) '\n');
      digest.update(ED25519);
      return Arrays.copyOf(digest.digest(publicKey), 4);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For a verifier of the JDK. */
  public PublicKey toPublicKey() {
    byte[] encoded = ByteBuffer.allocate(HEADER.length + LENGTH).put(HEADER).put(publicKey).array();
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no Ed25519 key", e);
    }
  }

  /** The verifier key: name, id in hex, and the key in base64. */
  @Override
  public String toString() {
    byte[] key = ByteBuffer.allocate(1 + LENGTH).put(ED25519).put(publicKey).array();
    return name
        + "+"
        + HexFormat.of().formatHex(id())
        + "+"
        + Base64.getEncoder().encodeToString(key);
  }
}
