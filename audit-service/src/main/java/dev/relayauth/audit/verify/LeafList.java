package dev.relayauth.audit.verify;

import dev.relayauth.audit.domain.tree.TreeEdge;
import dev.relayauth.audit.domain.tree.TreeHasher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The hashes of all leaves of an export, 32 bytes each. */
final class LeafList {
  private static final int STEP = 4_096;

  private byte[] hashes = new byte[STEP * TreeHasher.LENGTH];
  private int length;

  /** Appends hashes; false when they don't begin where the others end. */
  boolean append(ExportLine.Hashes more) {
    if (more.first() != size() || more.hashes().length % TreeHasher.LENGTH != 0) {
      return false;
    }
    int needed = Math.addExact(length, more.hashes().length);
    if (needed > hashes.length) {
      hashes = Arrays.copyOf(hashes, Math.max(needed, hashes.length + hashes.length / 2));
    }
    System.arraycopy(more.hashes(), 0, hashes, length, more.hashes().length);
    length = needed;
    return true;
  }

  long size() {
    return length / TreeHasher.LENGTH;
  }

  boolean has(long leaf, byte[] hash) {
    int at = (int) leaf * TreeHasher.LENGTH;
    return Arrays.equals(hashes, at, at + TreeHasher.LENGTH, hash, 0, hash.length);
  }

  /** The root over the first leaves. */
  byte[] root(long size) {
    TreeEdge edge = TreeEdge.empty();
    List<byte[]> step = new ArrayList<>(STEP);
    for (int leaf = 0; leaf < size; leaf++) {
      int at = leaf * TreeHasher.LENGTH;
      step.add(Arrays.copyOfRange(hashes, at, at + TreeHasher.LENGTH));
      if (step.size() == STEP || leaf == size - 1) {
        edge.append(step);
        step.clear();
      }
    }
    return edge.root();
  }
}
