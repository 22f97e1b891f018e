package dev.relayauth.identity.adapter.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.Errors;
import dev.relayauth.common.json.Json;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads YAML, and so JSON, with bounded depth and size. A member that nobody knows is an error
 * here: a misspelled limit would look like one. Aliases are not expanded, so that nothing grows.
 */
final class ConfigReader {
  private static final int MAX_CHARACTERS = 256 * 1024;
  private static final int MAX_DEPTH = 16;
  private static final YAMLMapper YAML = yaml();
  private static final ObjectReader READER =
      Json.MAPPER
          .readerFor(ConfigDocument.class)
          .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private ConfigReader() {}

  static ConfigDocument read(@Nullable String text) {
    try {
      JsonNode tree = text == null || text.isBlank() ? null : YAML.readTree(text);
      if (tree == null || !tree.isObject()) {
        throw new RefusedException(ErrorCode.VALIDATION_FAILED, "send one YAML mapping");
      }
      ConfigDocument document = READER.readValue(tree);
      document.check();
      return document;
    } catch (JsonProcessingException e) {
      throw Errors.malformed(e);
    } catch (java.io.IOException e) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "the body can't be read");
    }
  }

  private static YAMLMapper yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setAllowDuplicateKeys(false);
    return YAMLMapper.builder(YAMLFactory.builder().loaderOptions(options).build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }
}
