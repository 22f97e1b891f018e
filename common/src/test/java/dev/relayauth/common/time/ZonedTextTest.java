package dev.relayauth.common.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZonedTextTest {
  /** A Tuesday. */
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private static ZonedText read(String text) {
    return ZonedText.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "tue, true",
    "mon, false",
    "wed +14:00, true",
    "tue +14:00, false",
    "09:00-17:00, true",
    "12:00-13:00, true",
    "11:00-12:00, false",
    "22:00-13:00, true",
    "22:00-12:00, false",
    "13:00-14:00 Europe/Berlin, true",
    "12:00-13:00 Europe/Berlin, false",
    "07:00-07:00, true"
  })
  void knowsItsMoments(String text, boolean within) {
    assertThat(read(text).isPeriod()).isTrue();
    assertThat(read(text).period().test(NOON)).isEqualTo(within);
  }

  @Test
  void comparesByTheMinute() {
    assertThat(read("12:00").isClock()).isTrue();
    assertThat(read("12:00").clock().applyAsInt(NOON.plusSeconds(59))).isZero();
    assertThat(read("13:00 Europe/Berlin").clock().applyAsInt(NOON)).isZero();
    assertThat(read("11:59").clock().applyAsInt(NOON)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"09:00 nowhere", "mon +15:00", "mon ", "09:00 UTC UTC"})
  void knowsNoOtherZones(String text) {
    assertThat(ZonedText.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "24:00", "9:00", "monday", "09:00-24:00", "09:00-"})
  void takesNothingElseForATime(String text) {
    assertThat(read(text).isPeriod()).isFalse();
    assertThat(read(text).isClock()).isFalse();
    assertThatThrownBy(() -> read(text).period()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> read(text).clock()).isInstanceOf(IllegalStateException.class);
  }
}
