package dev.relayauth.audit.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.audit.domain.tree.TreeHasher;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The well-known eight leaves of the Certificate Transparency reference implementation. */
class Rfc6962VectorsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final TreeHasher HASHER = new TreeHasher();
  private static final List<byte[]> LEAVES =
      Stream.of(
              "",
              "00",
              "10",
              "2021",
              "3031",
              "40414243",
              "5051525354555657",
              "606162636465666768696a6b6c6d6e6f")
          .map(HEX::parseHex)
          .map(content -> HASHER.leaf(new byte[0], content))
          .toList();

  private static TreeInMemory tree(int size) {
    TreeInMemory tree = new TreeInMemory();
    tree.append(LEAVES.subList(0, size));
    return tree;
  }

  private static List<String> hex(List<byte[]> hashes) {
    return hashes.stream().map(HEX::formatHex).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "0, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "4, d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "5, 4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "6, 76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
  })
  void rootsAreThoseOfTheReferenceImplementation(int size, String root) {
    assertThat(HEX.formatHex(tree(size).root())).isEqualTo(root);
  }

  @Test
  void inclusionProofsAreThoseOfTheReferenceImplementation() {
    assertThat(hex(tree(8).proofs().inclusion(0, 8)))
        .containsExactly(
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
    assertThat(hex(tree(3).proofs().inclusion(2, 3)))
        .containsExactly("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    assertThat(tree(1).proofs().inclusion(0, 1)).isEmpty();
  }

  @Test
  void consistencyProofsAreThoseOfTheReferenceImplementation() {
    assertThat(hex(tree(8).proofs().consistency(1, 8)))
        .containsExactly(
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
    assertThat(hex(tree(8).proofs().consistency(6, 8)))
        .containsExactly(
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
  }

  @Test
  void aSaltIsWhatTheLeafBeginsWith() {
    byte[] salted = HASHER.leaf(new byte[] {1, 2}, new byte[] {3});

    assertThat(salted).isEqualTo(SlowTree.leaf(new byte[] {1, 2, 3}));
    assertThat(Arrays.equals(salted, SlowTree.leaf(new byte[] {3}))).isFalse();
  }
}
