package dev.relayauth.audit.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Random histories of batches and restarts, against the second implementation. */
class TreePropertiesTest {
  private final List<byte[]> leaves = new ArrayList<>();
  private final TreeInMemory tree = new TreeInMemory();

  private void grow(List<Integer> batches) {
    for (int batch : batches) {
      List<byte[]> more = new ArrayList<>();
      for (int i = 0; i < batch; i++) {
        byte[] content = ByteBuffer.allocate(4).putInt(leaves.size() + i).array();
        more.add(SlowTree.leaf(content));
      }
      tree.append(more);
      leaves.addAll(more);
      if (batch % 2 == 0) {
        tree.restart();
      }
    }
  }

  @Property(tries = 60)
  void theRootIsThatOfTheSlowTreeAfterAnyHistory(
      @ForAll @Size(max = 6) List<@IntRange(max = 700) Integer> batches) {
    grow(batches);

    assertThat(tree.size()).isEqualTo(leaves.size());
    assertThat(tree.root()).isEqualTo(SlowTree.root(leaves));
  }

  @Property(tries = 60)
  void everyLeafOfEveryEarlierTreeCanBeProven(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 700) Integer> batches,
      @ForAll @IntRange(min = 0, max = 1_000_000) int someSize,
      @ForAll @IntRange(min = 0, max = 1_000_000) int someIndex) {
    grow(batches);
    int size = 1 + someSize % leaves.size();
    int index = someIndex % size;

    List<byte[]> path = tree.proofs().inclusion(index, size);

    byte[] root = SlowTree.root(leaves.subList(0, size));
    assertThat(tree.proofs().root(size)).isEqualTo(root);
    assertThat(SlowTree.includes(leaves.get(index), index, size, path, root)).isTrue();
    assertThat(SlowTree.includes(SlowTree.leaf(new byte[9]), index, size, path, root)).isFalse();
  }

  @Property(tries = 60)
  void everyTreeIsProvenToBeginWithEachEarlierOne(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 700) Integer> batches,
      @ForAll @IntRange(min = 0, max = 1_000_000) int someTo,
      @ForAll @IntRange(min = 0, max = 1_000_000) int someFrom) {
    grow(batches);
    int to = 1 + someTo % leaves.size();
    int from = someFrom % (to + 1);

    List<byte[]> proof = tree.proofs().consistency(from, to);

    byte[] fromRoot = SlowTree.root(leaves.subList(0, from));
    byte[] toRoot = SlowTree.root(leaves.subList(0, to));
    assertThat(SlowTree.isExtension(from, fromRoot, to, toRoot, proof)).isTrue();
    if (from > 0 && from < to) {
      assertThat(SlowTree.isExtension(from, SlowTree.leaf(new byte[9]), to, toRoot, proof))
          .isFalse();
    }
  }
}
