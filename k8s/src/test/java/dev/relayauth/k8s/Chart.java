package dev.relayauth.k8s;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The chart of this repository. */
final class Chart {
  static final Path HOME = Path.of("chart", "relayauth");
  static final List<String> SERVICES =
      List.of("identity", "token", "policy", "audit", "revocation");
  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Chart() {}

  /** The names of the value sets under {@code ci/}. */
  static Stream<String> valueSets() {
    try (Stream<Path> files = Files.list(HOME.resolve("ci"))) {
      return files
          .map(file -> file.getFileName().toString().replace("-values.yaml", ""))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The manifests that a value set makes. */
  static List<JsonNode> render(String valueSet) {
    return render(valuesOf(valueSet), Map.of());
  }

  /** The manifests of a values file, with some values set over it. */
  static List<JsonNode> render(Path values, Map<String, Object> settings) {
    var template =
        new Helm(HOME)
            .template()
            .withName("relayauth")
            .withNamespace("auth")
            .withKubeVersion("1.33.0")
            .withValuesFile(values);
    settings.forEach(template::set);
    return parse(template.call());
  }

  static Path valuesOf(String valueSet) {
    return HOME.resolve("ci").resolve(valueSet + "-values.yaml");
  }

  /** The chart's own default values. */
  static JsonNode defaults() {
    return read(HOME.resolve("values.yaml"));
  }

  static JsonNode read(Path file) {
    try {
      return YAML.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lints a copy of the chart whose defaults are those of a value set. */
  static LintResult lint(String valueSet, Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(HOME)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = copy.resolve(HOME.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    ObjectNode merged = merge((ObjectNode) defaults(), (ObjectNode) read(valuesOf(valueSet)));
    Files.writeString(copy.resolve("values.yaml"), YAML.writeValueAsString(merged));
    return new Helm(copy).lint().strict().call();
  }

  private static ObjectNode merge(ObjectNode base, ObjectNode over) {
    over.properties()
        .forEach(
            entry -> {
              JsonNode before = base.get(entry.getKey());
              boolean both = before instanceof ObjectNode && entry.getValue() instanceof ObjectNode;
              base.set(
                  entry.getKey(),
                  both
                      ? merge((ObjectNode) before, (ObjectNode) entry.getValue())
                      : entry.getValue());
            });
    return base;
  }

  private static List<JsonNode> parse(String rendered) {
    try (var documents =
        YAML.readerFor(new TypeReference<JsonNode>() {}).<JsonNode>readValues(rendered)) {
      List<JsonNode> manifests = new ArrayList<>();
      documents.forEachRemaining(
          manifest -> {
            if (manifest.isObject()) {
              manifests.add(manifest);
            }
          });
      return manifests;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
