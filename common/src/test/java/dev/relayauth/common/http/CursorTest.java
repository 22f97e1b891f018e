package dev.relayauth.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.common.error.RefusedException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  @Test
  void readsWhatItWrote() {
    Cursor cursor = new Cursor(Instant.parse("2026-11-24T10:00:00.123456Z"), "agent_a-b_c");
    assertThat(Cursor.decode(cursor.encode("list"), "list")).isEqualTo(cursor);
  }

  @Test
  void belongsToTheListThatIssuedItOnly() {
    Cursor cursor = new Cursor(Instant.parse("2026-11-24T10:00:00.123456Z"), "agent_a-b_c");
    String text = cursor.encode("identities?status=active");
    assertThat(Cursor.decode(text, "identities?status=active")).isEqualTo(cursor);
    assertThatThrownBy(() -> Cursor.decode(text, "identities"))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> Cursor.decode(text.substring(0, text.indexOf('.')), "identities"))
        .isInstanceOf(RefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", ".", "MS4y", "LjEu", "OTk5OTk5OTk5OTk5OTk5OTk5OS4xLng"})
  void refusesWhatItDidNotIssue(String text) {
    String issued = new Cursor(Instant.EPOCH, "x").encode("list");
    String marked = text + issued.substring(issued.indexOf('.'));
    assertThatThrownBy(() -> Cursor.decode(text, "list")).isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> Cursor.decode(marked, "list")).isInstanceOf(RefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "201", "-1", "x", "1e2", " 5"})
  void refusesALimitOutOfRange(String text) {
    assertThatThrownBy(() -> Cursor.limit(text)).isInstanceOf(RefusedException.class);
  }
}
