package dev.relayauth.testing;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.relayauth.common.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Holds the schemas of the OpenAPI document against the records that services write and read. */
public final class ApiSchemas {
  private static final Path FILE =
      Path.of("../identity-service/src/main/resources/META-INF/resources/openapi.yaml");
  private static final Map<Class<?>, String> TYPES =
      Map.ofEntries(
          Map.entry(String.class, "string"),
          Map.entry(Instant.class, "string"),
          Map.entry(boolean.class, "boolean"),
          Map.entry(Boolean.class, "boolean"),
          Map.entry(int.class, "integer"),
          Map.entry(Integer.class, "integer"),
          Map.entry(long.class, "integer"),
          Map.entry(Long.class, "integer"),
          Map.entry(BigDecimal.class, "number"),
          Map.entry(List.class, "array"));

  private final JsonNode schemas;
  private final Class<?> test;

  private ApiSchemas(JsonNode schemas, Class<?> test) {
    this.schemas = schemas;
    this.test = test;
  }

  /**
   * The schemas of the document as it is in the tree; tests run in their module's folder.
   *
   * @param test in whose package, or under it, the records are that it names
   */
  public static ApiSchemas of(Class<?> test) {
    try {
      JsonNode document = new YAMLMapper().readTree(Files.readString(FILE));
      return new ApiSchemas(document.at("/components/schemas"), test);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is wrong with the schema of an answer: its members are those of the record, with their
   * types, and required unless they may be null, as nulls are left out.
   */
  public Set<String> faultsOfAnswer(String schema, String written) {
    Class<?> type = load(written);
    Set<String> faults = faults(schema, type);
    Set<String> always = new TreeSet<>();
    members(type)
        .forEach(
            (name, member) -> {
              if (!member.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                always.add(name);
              }
            });
    Set<String> required = required(named(schema));
    if (!required.equals(always)) {
      faults.add("requires " + required + ", always written are " + always);
    }
    return faults;
  }

  /** What is wrong with the schema of a request: its members are those that are read. */
  public Set<String> faultsOfRequest(String schema, String read) {
    return faults(schema, load(read));
  }

  private Class<?> load(String name) {
    try {
      return Class.forName(test.getPackageName() + "." + name, false, test.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("there is no record " + name, e);
    }
  }

  private Set<String> faults(String schema, Class<?> type) {
    Set<String> faults = new TreeSet<>();
    Map<String, JsonNode> described = properties(named(schema));
    Map<String, RecordComponent> members = members(type);
    if (!described.keySet().equals(members.keySet())) {
      faults.add("describes " + described.keySet() + ", there are " + members.keySet());
    }
    members.forEach(
        (name, member) -> {
          JsonNode property = follow(described.getOrDefault(name, Json.MAPPER.nullNode()));
          if (!fits(property, member.getType())) {
            faults.add(name + " is a " + member.getType().getSimpleName() + ", not " + property);
          }
        });
    return faults;
  }

  private static boolean fits(JsonNode property, Class<?> type) {
    String said = property.path("type").asText();
    if (type.isEnum()) {
      Set<String> names = new TreeSet<>();
      property.path("enum").forEach(name -> names.add(name.asText()));
      List<String> constants =
          Arrays.stream(type.getEnumConstants())
              .map(constant -> Json.MAPPER.valueToTree(constant).asText())
              .toList();
      return names.equals(new TreeSet<>(constants));
    }
    String expected =
        Collection.class.isAssignableFrom(type) ? "array" : TYPES.getOrDefault(type, said);
    return said.isEmpty() || said.equals(expected);
  }

  private static Map<String, RecordComponent> members(Class<?> type) {
    Map<String, RecordComponent> members = new TreeMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
      if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
        members.putAll(members(component.getType()));
      } else {
        members.put(named == null ? component.getName() : named.value(), component);
      }
    }
    return members;
  }

  private JsonNode named(String schema) {
    if (!schemas.has(schema)) {
      throw new IllegalArgumentException("there is no schema " + schema);
    }
    return schemas.path(schema);
  }

  private JsonNode follow(JsonNode schema) {
    String path = schema.path("$ref").asText();
    return path.isEmpty() ? schema : named(path.substring(path.lastIndexOf('/') + 1));
  }

  private Map<String, JsonNode> properties(JsonNode schema) {
    Map<String, JsonNode> properties = new TreeMap<>();
    schema
        .path("properties")
        .properties()
        .forEach(property -> properties.put(property.getKey(), property.getValue()));
    schema.path("allOf").forEach(part -> properties.putAll(properties(follow(part))));
    return properties;
  }

  private Set<String> required(JsonNode schema) {
    Set<String> required = new TreeSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    schema.path("allOf").forEach(part -> required.addAll(required(follow(part))));
    return required;
  }
}
