package dev.relayauth.token.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.relayauth.token.domain.status.StatusList;
import dev.relayauth.token.domain.status.StatusPlace;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusListTest {
  /** Published in draft-ietf-oauth-status-list: §4.1, §4.2 and the test vectors of its appendix. */
  record Vector(String name, int bits, String lst, Map<Integer, Integer> statuses) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Vector> vectors() throws IOException {
    try (InputStream in = StatusListTest.class.getResourceAsStream("/status-list-vectors.json")) {
      return new ObjectMapper().readValue(in, new TypeReference<>() {});
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void readsThePublishedVectors(Vector vector) {
    StatusList list = StatusList.decode(vector.bits(), vector.lst(), StatusPlace.LIST_SIZE);

    assertThat(statuses(list)).isEqualTo(new TreeMap<>(vector.statuses()));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void writesWhatReadsAsThePublishedVectors(Vector vector) {
    StatusList published = StatusList.decode(vector.bits(), vector.lst(), StatusPlace.LIST_SIZE);
    StatusList own = new StatusList(vector.bits(), published.size());

    vector.statuses().forEach(own::set);

    assertThat(own.encoded()).isEqualTo(vector.lst());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void keepsNeighboursApart(int bits) {
    StatusList list = new StatusList(bits, 24);
    int most = (1 << bits) - 1;
    for (int idx = 0; idx < list.size(); idx += 2) {
      list.set(idx, most);
    }
    list.set(2, 0);

    for (int idx = 0; idx < list.size(); idx++) {
      assertThat(list.get(idx)).isEqualTo(idx == 2 || idx % 2 == 1 ? 0 : most);
    }
  }

  @Test
  void aMillionPlacesOfWhichOneInAHundredIsRevokedTakeSixteenKilobytesAtMost() {
    StatusList list = new StatusList(1, 1_000_000);
    Random random = new Random(7);
    for (int revoked = 0; revoked < 10_000; ) {
      int idx = random.nextInt(1_000_000);
      revoked += list.get(idx) == StatusList.VALID ? 1 : 0;
      list.set(idx, StatusList.INVALID);
    }

    int bytes = Base64.getUrlDecoder().decode(list.encoded()).length;

    System.out.println("a list of 1,000,000 at 1 %: " + bytes + " bytes");
    assertThat(bytes).isLessThanOrEqualTo(16 * 1024);
  }

  @Test
  void refusesWhatIsNoList() {
    assertThatThrownBy(() -> new StatusList(3, 8)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new StatusList(1, 8).set(0, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> StatusList.decode(1, "bm90IHpsaWI", 8))
        .isInstanceOf(IllegalArgumentException.class);
    String longer = new StatusList(1, 64).encoded();
    assertThatThrownBy(() -> StatusList.decode(1, longer, 32))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> StatusList.decode(1, longer.substring(0, 8), 64))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Map<Integer, Integer> statuses(StatusList list) {
    Map<Integer, Integer> found = new TreeMap<>();
    for (int idx = 0; idx < list.size(); idx++) {
      if (list.get(idx) != 0) {
        found.put(idx, list.get(idx));
      }
    }
    return found;
  }
}
