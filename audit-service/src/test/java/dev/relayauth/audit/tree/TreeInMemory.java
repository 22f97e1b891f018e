package dev.relayauth.audit.tree;

import dev.relayauth.audit.domain.tree.Tile;
import dev.relayauth.audit.domain.tree.Tiles;
import dev.relayauth.audit.domain.tree.TreeEdge;
import dev.relayauth.audit.domain.tree.TreeProofs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A tree whose tiles are in a map. */
final class TreeInMemory implements Tiles {
  private final Map<Tile.Place, Tile> tiles = new HashMap<>();
  private TreeEdge edge = TreeEdge.empty();

  void append(List<byte[]> leaves) {
    edge.append(leaves).forEach(tile -> tiles.put(tile.place(), tile));
  }

  /** Forgets the edge and reads it from the tiles again. */
  void restart() {
    edge = TreeEdge.of(edge.size(), this);
  }

  byte[] root() {
    return edge.root();
  }

  long size() {
    return edge.size();
  }

  TreeProofs proofs() {
    return new TreeProofs(this);
  }

  @Override
  public Tile at(Tile.Place place) {
    return Objects.requireNonNull(tiles.get(place), place::toString);
  }
}
