package dev.relayauth.audit.adapter.postgres;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.audit.domain.tree.Tile;
import dev.relayauth.audit.domain.tree.Tiles;
import dev.relayauth.audit.domain.tree.TreeEdge;
import dev.relayauth.audit.domain.tree.TreeHasher;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Appends to the trees of organisations, under the locks of their rows. The edges of busy trees are
 * kept in memory, and used only while the row still has their size and root.
 */
@Singleton
final class PostgresTrees {
  private static final int MAX_EDGES = 4_096;
  private static final String LOCK =
      "select org, size, root, webhooks from audit_tree where org = any(?) order by org for update";
  private static final String BEGIN =
      "insert into audit_tree (org, root) select unnest(?::text[]), ? on conflict do nothing";
  private static final String SAVE = "update audit_tree set size = ?, root = ? where org = ?";
  private static final String SAVE_TILE =
      """
      insert into audit_tile (org, level, number, hashes) values (?, ?, ?, ?)
      on conflict (org, level, number) do update set hashes = excluded.hashes
      """;
  private static final String TILE =
      "select hashes from audit_tile where org = ? and level = ? and number = ?";

  private final Cache<String, TreeEdge> edges =
      Caffeine.newBuilder().maximumSize(MAX_EDGES).build();

  /** Trees that are locked until the transaction ends. */
  record Locked(Map<String, Long> sizes, Map<String, byte[]> roots, Set<String> withWebhooks) {
    /** Copies. */
    Locked {
      sizes = Map.copyOf(sizes);
      roots = Map.copyOf(roots);
      withWebhooks = Set.copyOf(withWebhooks);
    }
  }

  /** Locks the trees of some organisations, in one order, making those that aren't there. */
  Locked lock(Transaction tx, Collection<String> orgs) throws SQLException {
    Locked found = find(tx, orgs);
    if (found.sizes().size() == orgs.size()) {
      return found;
    }
    List<String> missing =
        orgs.stream().filter(org -> !found.sizes().containsKey(org)).sorted().toList();
    tx.update(BEGIN, missing, new TreeHasher().empty());
    return find(tx, orgs);
  }

  /** Appends leaves to locked trees. Call {@link #committed} once that is so. */
  Map<String, TreeEdge> append(Transaction tx, Locked locked, Map<String, List<byte[]>> leaves)
      throws SQLException {
    Map<String, TreeEdge> grown = new HashMap<>();
    try (PreparedStatement tiles = tx.connection().prepareStatement(SAVE_TILE);
        PreparedStatement trees = tx.connection().prepareStatement(SAVE)) {
      for (Map.Entry<String, List<byte[]>> one : leaves.entrySet()) {
        String org = one.getKey();
        TreeEdge edge = edge(tx, org, locked);
        for (Tile tile : edge.append(one.getValue())) {
          save(tiles, org, tile);
        }
        trees.setLong(1, edge.size());
        trees.setBytes(2, edge.root());
        trees.setString(3, org);
        trees.addBatch();
        grown.put(org, edge);
      }
      tiles.executeBatch();
      trees.executeBatch();
    }
    return grown;
  }

  /** Keeps the edges of what is committed. */
  void committed(Map<String, TreeEdge> grown) {
    edges.putAll(grown);
  }

  /** The tiles of a tree, as this transaction sees them. */
  static Tiles tiles(Transaction tx, String org) {
    return place -> {
      try {
        return tx.first(
                TILE, row -> new Tile(place, row.getBytes(1)), org, place.level(), place.number())
            .orElseThrow(() -> new IllegalStateException("the tree of " + org + " lacks " + place));
      } catch (SQLException e) {
        throw new StorageException(e);
      }
    };
  }

  private TreeEdge edge(Transaction tx, String org, Locked locked) {
    // Taken out: what a transaction that fails has done to it must not be seen again.
    TreeEdge known = edges.asMap().remove(org);
    long size = locked.sizes().getOrDefault(org, 0L);
    return known != null
            && known.size() == size
            && Arrays.equals(known.root(), locked.roots().get(org))
        ? known
        : TreeEdge.of(size, tiles(tx, org));
  }

  private static Locked find(Transaction tx, Collection<String> orgs) throws SQLException {
    Map<String, Long> sizes = new HashMap<>();
    Map<String, byte[]> roots = new HashMap<>();
    Set<String> withWebhooks = new HashSet<>();
    tx.query(
        LOCK,
        row -> {
          sizes.put(row.getString(1), row.getLong(2));
          roots.put(row.getString(1), row.getBytes(3));
          return row.getBoolean(4) && withWebhooks.add(row.getString(1));
        },
        orgs);
    return new Locked(sizes, roots, withWebhooks);
  }

  private static void save(PreparedStatement statement, String org, Tile tile) throws SQLException {
    statement.setString(1, org);
    statement.setInt(2, tile.place().level());
    statement.setLong(3, tile.place().number());
    statement.setBytes(4, tile.hashes());
    statement.addBatch();
  }
}
