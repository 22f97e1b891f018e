package dev.relayauth.common.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntryRowsTest {
  private final EntryRows rows = new EntryRows(1);

  @Test
  void givesBackWhatWasStoredAcrossChunks() {
    Map<String, Integer> stored = new LinkedHashMap<>();
    for (int i = 0; i < 20_000; i++) {
      String id = "x".repeat(i % 41) + "é".repeat(i % 3) + i;
      stored.put(id, rows.add(i, -i, i * 3, id));
    }

    stored.forEach(
        (id, row) -> {
          assertThat(rows.id(row)).isEqualTo(id);
          assertThat(rows.holds(row, id)).isTrue();
          assertThat(rows.expiry(row)).isEqualTo(-rows.value(row));
          assertThat(rows.org(row)).isEqualTo((int) rows.value(row) * 3);
        });
  }

  @Test
  void tellsAnIdFromItsBeginningItsContinuationAndItsLikes() {
    int row = rows.add(1, 1, 1, "tok_0123456789ab");
    rows.add(1, 1, 1, "tok_");

    assertThat(rows.holds(row, "tok_0123456789a")).isFalse();
    assertThat(rows.holds(row, "tok_0123456789ab\0")).isFalse();
    assertThat(rows.holds(row, "tok_0123456789abc")).isFalse();
    assertThat(rows.holds(row, "tok_0123456789aé")).isFalse();
    assertThat(rows.holds(row, "")).isFalse();
  }

  @Test
  void changesValueAndExpiryAlone() {
    int row = rows.add(1, 2, 3, "sess_1");

    rows.set(row, 4, 5);

    assertThat(rows.value(row)).isEqualTo(4);
    assertThat(rows.expiry(row)).isEqualTo(5);
    assertThat(rows.org(row)).isEqualTo(3);
    assertThat(rows.id(row)).isEqualTo("sess_1");
  }

  @Test
  void refusesAnIdThatNoChunkHolds() {
    assertThatThrownBy(() -> rows.add(1, 1, 1, "x".repeat(70_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
