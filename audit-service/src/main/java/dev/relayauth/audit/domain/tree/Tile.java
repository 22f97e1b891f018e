package dev.relayauth.audit.domain.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Up to 256 neighbouring hashes: of leaves at level 0, of full tiles of the level below elsewhere.
 *
 * @param hashes one after another
 */
public record Tile(Place place, byte[] hashes) {
  /** How many hashes a full tile has. */
  public static final int WIDTH = 256;

  /** The height of the tree within a full tile. */
  static final int HEIGHT = 8;

  /** Refuses what is no whole number of hashes. */
  public Tile {
    if (hashes.length % TreeHasher.LENGTH != 0 || hashes.length > WIDTH * TreeHasher.LENGTH) {
      throw new IllegalArgumentException("a tile of " + hashes.length + " bytes");
    }
  }

  /** Where a tile is. */
  public record Place(int level, long number) {}

  /** How many hashes it has. */
  public int count() {
    return hashes.length / TreeHasher.LENGTH;
  }

  /** One of its hashes. */
  public byte[] hash(int at) {
    return Arrays.copyOfRange(hashes, at * TreeHasher.LENGTH, (at + 1) * TreeHasher.LENGTH);
  }

  /** Some of its hashes. */
  List<byte[]> range(int from, int to) {
    List<byte[]> range = new ArrayList<>(to - from);
    for (int at = from; at < to; at++) {
      range.add(hash(at));
    }
    return range;
  }
}
