package dev.relayauth.audit.domain.tree;

/** Where the tiles of one tree are found. */
@FunctionalInterface
public interface Tiles {
  /**
   * The tile at a place, with all the hashes it had when the tree had the size in question, and
   * maybe more. May block.
   *
   * @throws IllegalStateException when there is none
   */
  Tile at(Tile.Place place);
}
