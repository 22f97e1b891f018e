package dev.relayauth.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IsoTimesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-27T20:15:30Z",
        "2026-11-27T20:15:30.1Z",
        "2026-11-27T20:15:30.123456Z",
        "2026-11-27T20:15:30.123456789Z",
        "1970-01-01T00:00:00.000Z",
        "0001-02-28T23:59:59.999999999Z",
        "2024-02-29T00:00:00Z",
        "2026-11-27T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "+12026-11-27T20:15:30Z",
        "-0044-03-15T12:00:00Z",
        "2026-11-27T20:15:30+01:00",
        "2026-11-27T20:15:30.Z",
        "2026-11-27t20:15:30z"
      })
  void readsWhatTheFormatterReads(String text) {
    Instant expected = DateTimeFormatter.ISO_INSTANT.parse(text, Instant::from);

    assertThat(IsoTimes.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "yesterday",
        "2026-11-27",
        "2026-13-27T20:15:30Z",
        "2026-02-30T20:15:30Z",
        "2023-02-29T20:15:30Z",
        "2026-11-27T25:15:30Z",
        "2026-11-27T20:60:30Z",
        "2026-11-27T20:15:61Z",
        "2026-11-27 20:15:30Z",
        "2026-11-27T20:15:30.1234567890Z",
        "2026-11-27T20:15:30.12a4Z",
        "2026-11-27T20:15:30,5Z",
        "2026-11-27T20:15:3\u0660Z"
      })
  void refusesWhatTheFormatterRefuses(String text) {
    assertThatThrownBy(() -> DateTimeFormatter.ISO_INSTANT.parse(text, Instant::from))
        .isInstanceOf(DateTimeException.class);
    assertThatThrownBy(() -> IsoTimes.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
