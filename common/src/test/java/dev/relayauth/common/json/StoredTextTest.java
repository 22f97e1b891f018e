package dev.relayauth.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTextTest {
  record Body(String name, Map<String, String> metadata, List<String> scopes) {}

  @Test
  void readsAnyOtherTextUnchanged() throws Exception {
    Body body =
        Json.MAPPER.readValue(
            "{\"name\":\"\\ud83d\\ude00 é\\n\",\"metadata\":{\"k\":\"\\u0001\"},\"scopes\":null}",
            Body.class);

    assertThat(body).isEqualTo(new Body("\uD83D\uDE00 é\n", Map.of("k", "\u0001"), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"a\\u0000\"}",
        "{\"name\":\"\\ud800\"}",
        "{\"name\":\"\\udc00\\ud800\"}",
        "{\"metadata\":{\"k\":\"\\u0000\"}}",
        "{\"metadata\":{\"\\u0000\":\"v\"}}",
        "{\"metadata\":{\"\\udfff\":\"v\"}}",
        "{\"scopes\":[\"\\u0000\"]}"
      })
  void refusesTextThatNoStoreCanHold(String json) {
    assertThatThrownBy(() -> Json.MAPPER.readValue(json, Body.class))
        .isInstanceOf(JsonProcessingException.class);
  }
}
