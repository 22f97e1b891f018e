package dev.relayauth.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifetimeTest {
  record Body(Lifetime ttl) {}

  @Test
  void readsSecondsShortFormsAndIsoDurations() throws Exception {
    assertThat(read("3600")).isEqualTo(Duration.ofHours(1));
    assertThat(read("\"15m\"")).isEqualTo(Duration.ofMinutes(15));
    assertThat(read("\"1h\"")).isEqualTo(Duration.ofHours(1));
    assertThat(read("\"PT1H\"")).isEqualTo(Duration.ofHours(1));
    assertThat(read("\"PT1H30M5S\"")).isEqualTo(Duration.ofSeconds(5405));
    assertThat(read("\"90s\"")).isEqualTo(Duration.ofSeconds(90));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"1\"",
        "\"1 h\"",
        "\"h\"",
        "1.5",
        "true",
        "[]",
        "{}",
        "\"PTx\"",
        "\"1d\"",
        "\"P1D\"",
        "\"P1DT1H\"",
        "\"PT\"",
        "\"PT1.5S\"",
        "\"PT-1H\"",
        "\"-PT1H\"",
        "\"pt1h\"",
        "\"+5m\"",
        "\"PT1M1H\"",
        "\"1H\"",
        "\"\u0661m\"",
        "1e3",
        "null1"
      })
  void refusesAnythingElse(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(JsonProcessingException.class);
  }

  private static Duration read(String json) throws JsonProcessingException {
    return Json.MAPPER.readValue("{\"ttl\":" + json + "}", Body.class).ttl().duration();
  }
}
