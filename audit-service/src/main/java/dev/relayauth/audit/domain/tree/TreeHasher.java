package dev.relayauth.audit.domain.tree;

import dev.relayauth.common.token.CryptoProvider;
import java.security.MessageDigest;
import java.util.List;

/** The hashes of RFC 6962 §2.1, by SHA-256. For one thread at a time. */
public final class TreeHasher {
  /** The length of a hash in bytes. */
  public static final int LENGTH = 32;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest digest = CryptoProvider.preferred().sha256();

  /** The hash of a tree without leaves. */
  public byte[] empty() {
    return digest.digest();
  }

  /** The hash of a leaf whose content is {@code salt} and then {@code content}. */
  public byte[] leaf(byte[] salt, byte[] content) {
    digest.update(LEAF);
    digest.update(salt);
    return digest.digest(content);
  }

  /** The hash of an inner node. */
  public byte[] node(byte[] left, byte[] right) {
    digest.update(NODE);
    digest.update(left);
    return digest.digest(right);
  }

  /**
   * The hash over subtrees of one size, of which only the last may be smaller; at least one. Such a
   * list splits where the tree over all their leaves does.
   */
  byte[] root(List<byte[]> subtrees) {
    int count = subtrees.size();
    if (count == 1) {
      return subtrees.getFirst();
    }
    int split = (int) split(count);
    return node(root(subtrees.subList(0, split)), root(subtrees.subList(split, count)));
  }

  /** The largest power of two smaller than {@code count}, which is more than one. */
  static long split(long count) {
    return Long.highestOneBit(count - 1);
  }
}
