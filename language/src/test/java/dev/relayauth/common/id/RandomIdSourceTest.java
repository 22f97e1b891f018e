package dev.relayauth.common.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class RandomIdSourceTest {
  private static final int BITS = 128;

  private final IdSource ids = new RandomIdSource();

  @Test
  void givesNoIdTwiceToManyThreads() throws InterruptedException {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    int threads = 64;
    int each = 1_000;
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(() -> draw(each, seen));
      thread.start();
      started.add(thread);
    }
    for (Thread thread : started) {
      thread.join();
    }
    assertThat(seen).hasSize(threads * each);
  }

  private void draw(int count, Set<String> seen) {
    for (int i = 0; i < count; i++) {
      seen.add(ids.next(IdPrefix.TOKEN));
    }
  }

  @Test
  void writesSixteenBytesAsCanonicalBase64Url() {
    for (IdPrefix prefix : IdPrefix.values()) {
      for (int i = 0; i < 1_000; i++) {
        String id = ids.next(prefix);
        assertThat(id).startsWith(prefix.text());
        String text = id.substring(prefix.text().length());
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        assertThat(bytes).hasSize(BITS / 8);
        assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)).isEqualTo(text);
      }
    }
  }

  @Test
  void leavesNoBitUnused() {
    List<byte[]> drawn = new ArrayList<>();
    IdPrefix prefix = IdPrefix.TOKEN;
    for (int i = 0; i < 1_000; i++) {
      drawn.add(Base64.getUrlDecoder().decode(ids.next(prefix).substring(prefix.text().length())));
    }
    for (int bit = 0; bit < BITS; bit++) {
      int index = bit / 8;
      int mask = 1 << bit % 8;
      assertThat(drawn).anyMatch(bytes -> (bytes[index] & mask) != 0);
      assertThat(drawn).anyMatch(bytes -> (bytes[index] & mask) == 0);
    }
  }
}
