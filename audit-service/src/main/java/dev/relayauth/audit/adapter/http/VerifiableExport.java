package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.audit.domain.tree.SignedTree;
import dev.relayauth.audit.domain.tree.Tile;
import dev.relayauth.audit.domain.tree.TreeHasher;
import dev.relayauth.audit.domain.tree.TreeLog;
import dev.relayauth.common.json.Json;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * A whole log up to a checkpoint, in lines of JSON: the entries in the order of the tree, then its
 * leaves, then the checkpoint. In constant memory.
 */
final class VerifiableExport implements StreamingOutput {
  private static final int PAGE = 2_000;
  private static final int BUFFER = 64 * 1024;

  private final AuditLog log;
  private final TreeLog trees;
  private final String org;
  private final SignedTree tree;

  VerifiableExport(AuditLog log, TreeLog trees, String org, SignedTree tree) {
    this.log = log;
    this.trees = trees;
    this.org = org;
    this.tree = tree;
  }

  /** Hashes of leaves, one after another, from {@code first} on. */
  record LeafHashes(long first, byte[] hashes) {}

  /** A line of hashes. */
  record HashLine(LeafHashes leafHashes) {}

  /** The last line. */
  record CheckpointLine(String checkpoint, String verifierKey) {}

  @Override
  public void write(OutputStream target) throws IOException {
    OutputStream out = new BufferedOutputStream(target, BUFFER);
    writeEntries(out);
    for (long first = 0; first < tree.size(); first += Tile.WIDTH) {
      line(out, new HashLine(hashes(first)));
    }
    line(out, new CheckpointLine(tree.note(), tree.key().toString()));
    out.flush();
  }

  private void writeEntries(OutputStream out) throws IOException {
    AuditEntry.Arrival last = AuditEntry.Arrival.START;
    List<AuditEntry> page = log.after(org, AuditFilter.ALL, last, PAGE);
    long known = tree.size();
    while (!page.isEmpty()) {
      for (AuditEntry entry : page) {
        long index = entry.leaf().index();
        if (index >= known) {
          known = trees.checkpoint(org, Long.MAX_VALUE).size();
        }
        // What came in meanwhile is for the next export; what no tree has had must be seen.
        if (index < tree.size() || index >= known) {
          line(out, EntryView.of(entry));
        }
      }
      page = log.after(org, AuditFilter.ALL, page.getLast().arrival(), PAGE);
    }
  }

  private LeafHashes hashes(long first) {
    byte[] hashes =
        trees.prove(org, proofs -> proofs.tile(new Tile.Place(0, first / Tile.WIDTH))).hashes();
    long count = Math.min(Tile.WIDTH, tree.size() - first);
    return new LeafHashes(first, Arrays.copyOf(hashes, (int) count * TreeHasher.LENGTH));
  }

  private static void line(OutputStream out, Object value) throws IOException {
    out.write(Json.write(value));
    out.write('\n');
  }
}
