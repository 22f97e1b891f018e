package dev.relayauth.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  record Body(String text, Integer number, Boolean flag, List<String> list) {}

  @Test
  void ignoresUnknownMembers() throws Exception {
    Body body = Json.MAPPER.readValue("{\"text\":\"x\",\"other\":{\"a\":1}}", Body.class);
    assertThat(body.text()).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":5}",
        "{\"text\":true}",
        "{\"text\":{}}",
        "{\"number\":\"5\"}",
        "{\"number\":5.5}",
        "{\"flag\":\"true\"}",
        "{\"flag\":1}",
        "{\"list\":\"x\"}",
        "{\"text\":\"a\",\"text\":\"b\"}",
        "{\"text\":\"a\"} trailing",
        "{\"number\":99999999999}"
      })
  void refusesWrongTypesDuplicatesAndTrailingText(String json) {
    assertThatThrownBy(() -> Json.MAPPER.readValue(json, Body.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void refusesDeepNesting() {
    String deep = "{\"other\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
    assertThatThrownBy(() -> Json.MAPPER.readValue(deep, Body.class))
        .isInstanceOf(JsonProcessingException.class);
  }
}
