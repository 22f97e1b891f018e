package dev.relayauth.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The OpenAPI document of all services, with its references followed. */
final class OpenApiDocument {
  private static final Path FILE = Path.of("src/main/resources/META-INF/resources/openapi.yaml");
  private static final Set<String> VERBS = Set.of("get", "post", "put", "patch", "delete");
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);
  private static final SchemaValidatorsConfig STRICT =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  private final JsonNode root;

  private OpenApiDocument(JsonNode root) {
    this.root = root;
  }

  static OpenApiDocument read() throws IOException {
    return new OpenApiDocument(new YAMLMapper().readTree(Files.readString(FILE)));
  }

  /** What is sent or answered in one media type. */
  record Content(String where, String mediaType, JsonNode node) {
    boolean isJson() {
      return mediaType.endsWith("json");
    }

    JsonNode schema() {
      return node.path("schema");
    }
  }

  /** All operations, by verb and path. */
  Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
    root.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        verb -> {
                          if (VERBS.contains(verb.getKey())) {
                            operations.put(
                                verb.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                verb.getValue());
                          }
                        }));
    return operations;
  }

  JsonNode schema(String name) {
    return root.path("components").path("schemas").path(name);
  }

  Map<String, JsonNode> schemas() {
    return members(root.path("components").path("schemas"));
  }

  /** The bodies that go in. */
  List<Content> sent() {
    List<Content> all = new ArrayList<>();
    operations()
        .forEach(
            (name, operation) -> add(all, name, operation.path("requestBody").path("content")));
    return all;
  }

  /** The bodies that come out, problems included. */
  List<Content> answered() {
    List<Content> all = new ArrayList<>();
    operations()
        .forEach(
            (name, operation) ->
                members(operation.path("responses"))
                    .forEach(
                        (status, answer) ->
                            add(all, name + " " + status, follow(answer).path("content"))));
    return all;
  }

  private static void add(List<Content> all, String where, JsonNode content) {
    members(content).forEach((type, node) -> all.add(new Content(where, type, node)));
  }

  /** Every example of a body. */
  List<JsonNode> examples(Content content) {
    List<JsonNode> examples = new ArrayList<>();
    if (content.node().has("example")) {
      examples.add(content.node().path("example"));
    }
    content.node().path("examples").forEach(one -> examples.add(follow(one).path("value")));
    return examples;
  }

  /** What a schema doesn't let through, and what it says nothing about. */
  Set<String> faults(JsonNode schema, JsonNode value) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", root.path("components"));
    Set<String> faults = new TreeSet<>();
    for (ValidationMessage message : SCHEMAS.getSchema(whole, STRICT).validate(value)) {
      faults.add(message.getMessage());
    }
    collectUnknown(schema, value, "", faults);
    return faults;
  }

  private void collectUnknown(JsonNode schema, JsonNode value, String at, Set<String> faults) {
    Map<String, JsonNode> known = new TreeMap<>();
    boolean open = collectMembers(schema, known);
    members(value)
        .forEach(
            (name, member) -> {
              if (known.containsKey(name)) {
                collectUnknown(known.get(name), member, at + "/" + name, faults);
              } else if (!open) {
                faults.add(at + "/" + name + " is not described");
              }
            });
    if (value.isArray() && known.containsKey("*")) {
      value.forEach(item -> collectUnknown(known.get("*"), item, at + "/*", faults));
    }
  }

  /** The members of a schema and of what it is made of; an array's items are under a star. */
  private boolean collectMembers(JsonNode schema, Map<String, JsonNode> known) {
    JsonNode there = follow(schema);
    known.putAll(members(there.path("properties")));
    if (there.has("items")) {
      known.put("*", there.path("items"));
    }
    boolean open = there.has("additionalProperties");
    for (String composition : List.of("allOf", "oneOf", "anyOf")) {
      for (JsonNode part : there.path(composition)) {
        open |= collectMembers(part, known);
      }
    }
    return open;
  }

  /** All members that a schema or a part of it requires. */
  Set<String> required(JsonNode schema) {
    Set<String> required = new TreeSet<>();
    JsonNode there = follow(schema);
    there.path("required").forEach(name -> required.add(name.asText()));
    there.path("allOf").forEach(part -> required.addAll(required(part)));
    return required;
  }

  /** The names of all members that a schema or a part of it has. */
  Set<String> properties(JsonNode schema) {
    Map<String, JsonNode> known = new TreeMap<>();
    collectMembers(schema, known);
    return known.keySet();
  }

  JsonNode follow(JsonNode node) {
    JsonNode there = node;
    while (there.has("$ref")) {
      there = root.at(there.path("$ref").asText().substring(1));
    }
    return there;
  }

  static Map<String, JsonNode> members(JsonNode node) {
    Map<String, JsonNode> members = new TreeMap<>();
    node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    return members;
  }
}
