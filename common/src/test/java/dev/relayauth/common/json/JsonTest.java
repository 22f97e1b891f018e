package dev.relayauth.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  record Body(String text, Integer number, Boolean flag, List<String> list) {}

  record Spelled(@JsonAlias("org_id") String orgId, Map<String, Object> deeper) {}

  record Outer(@JsonAlias("org_id") String orgId, List<Spelled> inner) {}

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"orgId\":\"a\",\"org_id\":\"b\"}",
        "{\"org_id\":\"a\",\"other\":[{\"org_id\":1}],\"orgId\":\"a\"}",
        "{\"org_id\":\"a\",\"org_id\":\"a\"}",
        "{\"org_id\":null,\"orgId\":\"a\"}"
      })
  void refusesOneMemberInTwoSpellings(String json) {
    assertThatThrownBy(() -> Json.MAPPER.readValue(json, Spelled.class))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> Json.MAPPER.readValue("{\"inner\":[" + json + "]}", Outer.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void refusesOneMemberInTwoSpellingsInATreeToo() throws Exception {
    JsonNode tree = Json.MAPPER.readTree("{\"inner\":[{\"orgId\":\"a\",\"org_id\":\"b\"}]}");
    assertThatThrownBy(() -> Json.MAPPER.treeToValue(tree, Outer.class))
        .isInstanceOf(TwiceNamedException.class);
    assertThatThrownBy(() -> Json.MAPPER.convertValue(tree, Outer.class))
        .hasRootCauseInstanceOf(TwiceNamedException.class);
  }

  @Test
  void takesEitherSpellingAtEveryDepth() throws Exception {
    Outer outer =
        Json.MAPPER.readValue(
            """
            {"org_id":"x","inner":[{"orgId":"a"},{"org_id":"b","deeper":{"orgId":"c","org_id":1}}]}
            """,
            Outer.class);
    assertThat(outer.orgId()).isEqualTo("x");
    assertThat(outer.inner()).extracting(Spelled::orgId).containsExactly("a", "b");
  }

  @Test
  void saysWhichMemberIsThereTwice() {
    assertThatThrownBy(
            () ->
                Json.MAPPER.readValue(
                    "{\"inner\":[{\"orgId\":\"a\",\"org_id\":\"b\"}]}", Outer.class))
        .isInstanceOfSatisfying(
            TwiceNamedException.class,
            twice ->
                assertThat(twice.getPath())
                    .extracting(step -> step.getFieldName())
                    .containsExactly("inner", null, "orgId"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
  void takesNothingButUtf8(String charset) throws Exception {
    byte[] other = "{\"text\":\"x\"}".getBytes(Charset.forName(charset));
    assertThatThrownBy(() -> Json.MAPPER.readValue(other, Body.class))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> Json.MAPPER.readValue(new ByteArrayInputStream(other), Body.class))
        .isInstanceOf(JsonProcessingException.class);
    byte[] ours = "{\"text\":\"é\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(Json.MAPPER.readValue(ours, Body.class).text()).isEqualTo("é");
    assertThat(Json.MAPPER.readValue(new ByteArrayInputStream(ours), Body.class).text())
        .isEqualTo("é");
    assertThat(Json.MAPPER.readTree(new ByteArrayInputStream(new byte[] {'1'})).asInt()).isOne();
  }

  @Test
  void refusesDeepNesting() {
    String deep = "{\"other\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
    assertThatThrownBy(() -> Json.MAPPER.readValue(deep, Body.class))
        .isInstanceOf(JsonProcessingException.class);
  }
}
