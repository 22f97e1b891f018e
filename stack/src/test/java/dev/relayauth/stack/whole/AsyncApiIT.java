package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document: served, and true of every event that is on the topics by then. */
class AsyncApiIT {
  private static final Path FOLDER = WholeStack.root().resolve("docs/events");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What {@link #makeEventsOfEveryKind} ends with, in no order. */
  private static final List<String> LAST =
      List.of(
          "dev.relayauth.scope.checked.v1",
          "dev.relayauth.scope.denied.v1",
          "dev.relayauth.token.revoked.v1");

  private static WholeStack stack;
  private static JsonNode document;

  /** A message of a channel: which types it stands for, and what they look like. */
  private record Message(Pattern types, JsonSchema headers, JsonSchema payload) {}

  @BeforeAll
  static void start() throws IOException {
    stack = WholeStack.shared();
    document = YAML.readTree(Files.readString(FOLDER.resolve("asyncapi.yaml")));
  }

  @Test
  void isServedWithTheSchemasThatItRefersTo() throws Exception {
    assertThat(get("/asyncapi.yaml")).isEqualTo(Files.readString(FOLDER.resolve("asyncapi.yaml")));
    List<String> files =
        document.findValuesAsText("$ref").stream().filter(ref -> !ref.startsWith("#")).toList();
    assertThat(files).isNotEmpty();
    for (String file : files) {
      assertThat(get("/" + file)).as(file).isEqualTo(Files.readString(FOLDER.resolve(file)));
    }
  }

  @Test
  void describesEveryEventOnTheTopics() throws Exception {
    String agent = makeEventsOfEveryKind();
    List<String> wrong = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (JsonNode channel : document.path("channels")) {
      String topic = channel.path("address").asText();
      List<Message> messages = messages(channel);
      for (ConsumerRecord<String, byte[]> event : read(topic, agent)) {
        if (event.value() != null && !topic.equals("relayauth.dead-letter.v1")) {
          seen.add(header(event, "ce_type"));
          wrong.addAll(check(event, messages));
        }
      }
    }

    assertThat(wrong.stream().distinct().limit(20)).isEmpty();
    assertThat(seen)
        .contains(
            "dev.relayauth.organization.updated.v1",
            "dev.relayauth.workspace.created.v1",
            "dev.relayauth.sponsor.created.v1",
            "dev.relayauth.identity.created.v1",
            "dev.relayauth.api-key.created.v1",
            "dev.relayauth.role.created.v1",
            "dev.relayauth.policy.created.v1",
            "dev.relayauth.token.issued.v1",
            "dev.relayauth.audit-epoch.opened.v1",
            "dev.relayauth.identity.suspended.v1")
        .containsAll(LAST);
  }

  /** Returns the agent that the last of them is about. */
  private static String makeEventsOfEveryKind() {
    Api api = stack.api();
    String name = "events-" + Long.toString(System.nanoTime(), 36);
    JsonArray scopes = new JsonArray().add("stripe:orders:read");
    JsonObject named = new JsonObject().put("name", name);
    String workspace = api.post("/v1/workspaces", named).expect(201).text("id");
    String sponsor = api.post("/v1/sponsors", named).expect(201).text("id");
    JsonObject role = named.copy().put("scopes", scopes);
    api.post("/v1/roles", role).expect(201);
    api.post("/v1/policies", role.copy().put("effect", "deny").put("workspaceId", workspace))
        .expect(201);
    JsonObject identity = role.copy().put("sponsorId", sponsor).put("workspaceId", workspace);
    String agent = api.post("/v1/identities", identity).expect(201).text("id");
    api.post("/v1/api-keys", role.copy().put("identityId", agent)).expect(201);
    // The deny of its workspace leaves the first one nothing to be issued.
    identity.put("name", name + "-free").put("workspaceId", "ws_prod");
    String id = api.post("/v1/identities", identity).expect(201).text("id");
    JsonObject wanted = new JsonObject().put("identityId", id).put("scopes", scopes);
    wanted.put("audience", new JsonArray().add("relayauth"));
    String token = api.post("/v1/tokens", wanted).expect(201).text("accessToken");
    api.post("/v1/authorize", new JsonObject().put("token", token).put("scope", "a:b:c"))
        .expect(200);
    api.as(token).get("/v1/identities/" + id).expect(403);
    String jti = Jwt.claims(token).getString("jti");
    api.post("/v1/tokens/revoke", new JsonObject().put("tokenId", jti)).expect(204);
    api.post("/v1/identities/" + id + "/suspend", new JsonObject().put("reason", "test"))
        .expect(200);
    return id;
  }

  private static List<Message> messages(JsonNode channel) throws IOException {
    JsonNode headers = document.at("/components/messageTraits/cloudEvent/headers");
    List<Message> messages = new ArrayList<>();
    for (JsonNode reference : channel.path("messages")) {
      JsonNode message = document.at(reference.path("$ref").asText().substring(1));
      String payload = message.at("/payload/$ref").asText();
      JsonNode schema =
          payload.isEmpty()
              ? message.path("payload")
              : JSON.readTree(Files.readString(FOLDER.resolve(payload)));
      messages.add(new Message(types(message), schema(headers), schema(schema)));
    }
    return messages;
  }

  /** In a name, {@code *} and what is in angle brackets stand for a word. */
  private static Pattern types(JsonNode message) {
    String[] words = message.path("name").asText().split("\\*|<[^>]*>", -1);
    return Pattern.compile(
        Arrays.stream(words).map(Pattern::quote).collect(Collectors.joining("[a-z-]+")));
  }

  private static JsonSchema schema(JsonNode schema) {
    return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
  }

  private static List<String> check(ConsumerRecord<String, byte[]> event, List<Message> messages)
      throws IOException {
    String type = header(event, "ce_type");
    List<Message> fitting = fitting(type, messages);
    if (fitting.size() != 1) {
      return List.of(event.topic() + ": " + type + " is described " + fitting.size() + " times");
    }
    ObjectNode headers = JSON.createObjectNode();
    event.headers().forEach(each -> headers.put(each.key(), header(event, each.key())));
    List<String> wrong = new ArrayList<>();
    fitting.getFirst().headers().validate(headers).forEach(m -> wrong.add(type + " " + m));
    fitting
        .getFirst()
        .payload()
        .validate(JSON.readTree(event.value()))
        .forEach(m -> wrong.add(type + " " + m));
    return wrong;
  }

  /** Those that name the type's entity, before those that name none. */
  private static List<Message> fitting(String type, List<Message> messages) {
    List<Message> fitting =
        messages.stream().filter(each -> each.types().matcher(type).matches()).toList();
    String entity = type.split("\\.", -1)[2];
    List<Message> named =
        fitting.stream()
            .filter(each -> each.types().pattern().contains("." + entity + "."))
            .toList();
    return named.isEmpty() ? fitting : named;
  }

  /** What is on a topic; of the audit topic once the last things that the agent did have come. */
  private static List<ConsumerRecord<String, byte[]>> read(String topic, String agent) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", "127.0.0.1:" + stack.port("kafka"));
    settings.put("isolation.level", "read_committed");
    List<ConsumerRecord<String, byte[]>> events = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(each -> new TopicPartition(topic, each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      WholeStack.await(
          Duration.ofSeconds(30),
          () -> {
            consumer.poll(Duration.ofMillis(200)).forEach(events::add);
            boolean atEnd =
                consumer.endOffsets(partitions).entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            return atEnd && (!topic.equals("relayauth.audit.v1") || isAbout(agent, events));
          });
    }
    return events;
  }

  private static boolean isAbout(String agent, List<ConsumerRecord<String, byte[]>> events) {
    Set<String> types =
        events.stream()
            .filter(event -> new String(event.value(), StandardCharsets.UTF_8).contains(agent))
            .map(event -> header(event, "ce_type"))
            .collect(Collectors.toSet());
    return types.containsAll(LAST);
  }

  private static String header(ConsumerRecord<String, byte[]> event, String name) {
    return new String(event.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static String get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(stack.baseUrl() + path)).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }
}
