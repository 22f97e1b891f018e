package dev.relayauth.stack.whole;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;

/**
 * The hashes of RFC 6962 §2.1 over the beginnings of a list of leaves, from the leaves' own hashes
 * alone. Shares nothing with the service.
 */
final class PrefixRoots {
  static final int LENGTH = 32;

  private final List<byte[]> leaves;

  /** Complete subtrees, the largest first: one for each bit of how many leaves they cover. */
  private final Deque<byte[]> peaks = new ArrayDeque<>();

  PrefixRoots(List<byte[]> leaves) {
    this.leaves = leaves;
  }

  /** In base64, by size; fails when there are not so many leaves. */
  TreeMap<Long, String> at(NavigableSet<Long> sizes) {
    TreeMap<Long, String> roots = new TreeMap<>();
    long size = 0;
    for (long wanted : sizes) {
      for (; size < wanted; size++) {
        add(leaves.get((int) size), size);
      }
      roots.put(wanted, Base64.getEncoder().encodeToString(root()));
    }
    return roots;
  }

  private void add(byte[] leaf, long size) {
    byte[] peak = leaf;
    for (long bits = size; (bits & 1) == 1; bits >>= 1) {
      peak = hash(peaks.removeLast(), peak);
    }
    peaks.addLast(peak);
  }

  private byte[] root() {
    Iterator<byte[]> smallestFirst = peaks.descendingIterator();
    if (!smallestFirst.hasNext()) {
      return sha256().digest();
    }
    byte[] root = smallestFirst.next();
    while (smallestFirst.hasNext()) {
      root = hash(smallestFirst.next(), root);
    }
    return root;
  }

  private static byte[] hash(byte[] left, byte[] right) {
    MessageDigest digest = sha256();
    digest.update((byte) 1);
    digest.update(left);
    return digest.digest(right);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
