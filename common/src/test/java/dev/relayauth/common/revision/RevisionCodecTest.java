package dev.relayauth.common.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevisionCodecTest {
  private final RevisionCodec codec = new RevisionCodec(new byte[32]);

  @Test
  void readsWhatItWrote() {
    Revision revision = new Revision(Map.of("identity", (3L << 40) | 17, "revocation", 1L));
    assertThat(codec.decode(codec.encode(revision))).contains(revision);
  }

  @Test
  void refusesARevisionWithAFlippedBit() {
    byte[] bytes = Base64.getUrlDecoder().decode(codec.encode(Revision.of("identity", 99)));
    for (int i = 0; i < bytes.length; i++) {
      byte[] forged = bytes.clone();
      forged[i] ^= 1;
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
      assertThat(codec.decode(text)).as("byte %d", i).isEmpty();
    }
  }

  @Test
  void refusesARevisionUnderAnotherKey() {
    byte[] other = new byte[32];
    other[0] = 1;
    String foreign = new RevisionCodec(other).encode(Revision.of("identity", 99));
    assertThat(codec.decode(foreign)).isEmpty();
  }

  @Test
  void refusesJunk() {
    assertThat(codec.decode("")).isEmpty();
    assertThat(codec.decode("%%%")).isEmpty();
    assertThat(codec.decode("A".repeat(10_000))).isEmpty();
  }

  @Test
  void mergesToTheHigherOfEachSource() {
    Revision merged =
        new Revision(Map.of("a", 1L, "b", 5L)).and(new Revision(Map.of("a", 3L, "c", 2L)));
    assertThat(merged.sequences()).isEqualTo(Map.of("a", 3L, "b", 5L, "c", 2L));
  }
}
