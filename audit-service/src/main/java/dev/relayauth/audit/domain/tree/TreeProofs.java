package dev.relayauth.audit.domain.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the proofs of RFC 6962 §2.1.1 and §2.1.2 from tiles, reading few of them. */
public final class TreeProofs {
  private final TreeHasher hasher = new TreeHasher();
  private final Map<Tile.Place, Tile> read = new HashMap<>();
  private final Tiles tiles;

  /** Over the tiles of one tree; for one thread. */
  public TreeProofs(Tiles tiles) {
    this.tiles = tiles;
  }

  /** That the leaf at {@code index} is in the tree of the first {@code size} leaves. */
  public List<byte[]> inclusion(long index, long size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("no leaf " + index + " among " + size);
    }
    List<byte[]> path = new ArrayList<>();
    path(index, 0, size, path);
    return path;
  }

  /** That the tree of the first {@code to} leaves begins with that of the first {@code from}. */
  public List<byte[]> consistency(long from, long to) {
    if (from < 0 || from > to) {
      throw new IllegalArgumentException("no tree of " + from + " leaves within one of " + to);
    }
    List<byte[]> proof = new ArrayList<>();
    if (from > 0 && from < to) {
      subproof(from, 0, to, true, proof);
    }
    return proof;
  }

  /** The hash over the first {@code size} leaves. */
  public byte[] root(long size) {
    return size == 0 ? hasher.empty() : range(0, size);
  }

  /** A tile as it is stored. */
  public Tile tile(Tile.Place place) {
    return tiles.at(place);
  }

  /** The hash of one leaf. */
  public byte[] leaf(long index) {
    return range(index, index + 1);
  }

  private void path(long index, long from, long to, List<byte[]> path) {
    if (to - from == 1) {
      return;
    }
    long middle = from + TreeHasher.split(to - from);
    if (index < middle) {
      path(index, from, middle, path);
      path.add(range(middle, to));
    } else {
      path(index, middle, to, path);
      path.add(range(from, middle));
    }
  }

  /** SUBPROOF(m, D[from:to], b) of RFC 6962 §2.1.2, with {@code size} = from + m. */
  private void subproof(long size, long from, long to, boolean known, List<byte[]> proof) {
    if (size == to) {
      if (!known) {
        proof.add(range(from, to));
      }
      return;
    }
    long middle = from + TreeHasher.split(to - from);
    if (size <= middle) {
      subproof(size, from, middle, known, proof);
      proof.add(range(middle, to));
    } else {
      subproof(size, middle, to, false, proof);
      proof.add(range(from, middle));
    }
  }

  /** The hash over leaves; {@code from} is where a subtree of that many leaves may begin. */
  private byte[] range(long from, long to) {
    long count = to - from;
    if (Long.bitCount(count) == 1) {
      return complete(Long.numberOfTrailingZeros(count), from);
    }
    long middle = from + TreeHasher.split(count);
    return hasher.node(range(from, middle), range(middle, to));
  }

  private byte[] complete(int height, long from) {
    int level = height / Tile.HEIGHT;
    long first = from >> (level * Tile.HEIGHT);
    int at = (int) (first % Tile.WIDTH);
    Tile tile = read.computeIfAbsent(new Tile.Place(level, first / Tile.WIDTH), tiles::at);
    return hasher.root(tile.range(at, at + (1 << (height % Tile.HEIGHT))));
  }
}
