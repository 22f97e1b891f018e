package dev.relayauth.audit.domain.tree;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The right edge of a tree: its size and the tiles that are not full, which is all that it takes to
 * append to it. Not for several threads.
 */
public final class TreeEdge {
  private final TreeHasher hasher = new TreeHasher();
  private final List<List<byte[]>> levels = new ArrayList<>();
  private long size;

  private TreeEdge() {}

  /** The edge of a tree without leaves. */
  public static TreeEdge empty() {
    return new TreeEdge();
  }

  /** The edge of a tree of some size, whose tiles are elsewhere. */
  public static TreeEdge of(long size, Tiles tiles) {
    TreeEdge edge = new TreeEdge();
    edge.size = size;
    for (int level = 0; size >> (level * Tile.HEIGHT) > 0; level++) {
      long hashes = size >> (level * Tile.HEIGHT);
      int open = (int) (hashes % Tile.WIDTH);
      edge.levels.add(
          open == 0
              ? new ArrayList<>()
              : new ArrayList<>(
                  tiles.at(new Tile.Place(level, hashes / Tile.WIDTH)).range(0, open)));
    }
    return edge;
  }

  /** How many leaves there are. */
  public long size() {
    return size;
  }

  /** Appends leaves and returns every tile that is new or has grown. */
  public Collection<Tile> append(List<byte[]> leaves) {
    Map<Integer, List<Tile>> changed = new TreeMap<>();
    for (byte[] leaf : leaves) {
      add(0, leaf, size, changed);
      size++;
    }
    List<Tile> tiles = new ArrayList<>();
    changed.forEach(
        (level, full) -> {
          tiles.addAll(full);
          if (!levels.get(level).isEmpty()) {
            long hashes = size >> (level * Tile.HEIGHT);
            tiles.add(tile(level, hashes / Tile.WIDTH));
          }
        });
    return tiles;
  }

  /** The hash over all leaves. */
  public byte[] root() {
    List<byte[]> right = List.of();
    for (List<byte[]> level : levels) {
      List<byte[]> row = new ArrayList<>(level);
      row.addAll(right);
      right = row.isEmpty() ? row : List.of(hasher.root(row));
    }
    return right.isEmpty() ? hasher.empty() : right.getFirst();
  }

  private void add(int level, byte[] hash, long number, Map<Integer, List<Tile>> changed) {
    if (levels.size() == level) {
      levels.add(new ArrayList<>(Tile.WIDTH));
    }
    List<byte[]> open = levels.get(level);
    open.add(hash);
    List<Tile> full = changed.computeIfAbsent(level, key -> new ArrayList<>());
    if (open.size() == Tile.WIDTH) {
      full.add(tile(level, number / Tile.WIDTH));
      byte[] root = hasher.root(open);
      open.clear();
      add(level + 1, root, number / Tile.WIDTH, changed);
    }
  }

  private Tile tile(int level, long number) {
    ByteArrayOutputStream hashes = new ByteArrayOutputStream(Tile.WIDTH * TreeHasher.LENGTH);
    levels.get(level).forEach(hashes::writeBytes);
    return new Tile(new Tile.Place(level, number), hashes.toByteArray());
  }
}
