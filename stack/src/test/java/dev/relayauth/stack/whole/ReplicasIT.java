package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.stack.bench.RollingRestart;
import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several replicas of each service: events once and in order, and both of one mind. */
class ReplicasIT {
  private static final int IDENTITIES = 200;
  private static WholeStack stack;

  @BeforeAll
  static void start() {
    stack = WholeStack.start("--replicas", "identity=2,token=2,policy=2,audit=2,revocation=2");
    stack
        .api()
        .patch(
            "/v1/organizations/org_acme",
            new JsonObject().put("identityCreationsPerMinute", 100000))
        .expect(200);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void publishesEachEventOnceAndInOrderThroughTheDeathOfARelay() throws Exception {
    List<String> created = new ArrayList<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < IDENTITIES; i++) {
        JsonObject body =
            new JsonObject()
                .put("name", "ordered-" + Long.toString(System.nanoTime(), 36) + "-" + i)
                .put("sponsorId", "user_jane");
        answers.add(clients.submit(() -> create(body)));
        if (i == IDENTITIES / 2) {
          stack.signal("identity-1", "KILL");
        }
      }
      for (Future<String> answer : answers) {
        created.add(answer.get());
      }
    }
    created.removeIf(String::isEmpty);
    assertThat(created).hasSizeGreaterThan(IDENTITIES / 4);
    WholeStack.await(Duration.ofSeconds(30), () -> subjects(identityTopic()).containsAll(created));
    List<ConsumerRecord<String, byte[]>> records = identityTopic();
    List<String> ids = records.stream().map(message -> header(message, "ce_id")).toList();
    assertThat(ids).doesNotHaveDuplicates();
    List<Long> sequences =
        records.stream().map(message -> Long.parseLong(header(message, "ce_sequence"))).toList();
    assertThat(sequences).isSorted();
  }

  @Test
  void bothReplicasDecideAlikeAndBothDenyAfterARevocation() {
    Api api = stack.api();
    JsonObject body =
        new JsonObject()
            .put("name", "agreed-" + Long.toString(System.nanoTime(), 36))
            .put("sponsorId", "user_jane");
    String id = api.post("/v1/identities", body).expect(201).text("id");
    String token =
        api.post(
                "/v1/tokens",
                new JsonObject()
                    .put("identityId", id)
                    .put("scopes", new JsonArray().add("stripe:orders:read")))
            .expect(201)
            .text("accessToken");
    JsonObject question = new JsonObject().put("token", token).put("scope", "stripe:orders:read");
    for (String replica : List.of("policy-1", "policy-2")) {
      assertThat(
              stack.replica(replica).post("/v1/authorize", question).expect(200).text("decision"))
          .isEqualTo("allow");
    }
    api.post("/v1/tokens/revoke", new JsonObject().put("identityId", id)).expect(204);
    for (String replica : List.of("policy-1", "policy-2")) {
      WholeStack.await(
          Duration.ofSeconds(1),
          () ->
              stack
                  .replica(replica)
                  .post("/v1/authorize", question)
                  .expect(200)
                  .text("reason")
                  .equals("token_revoked"));
    }
  }

  /** Of one service; {@code ./relayauth bench rolling-restart} does it with all of them. */
  @Test
  void restartsEachReplicaWithoutAFailedRequest() throws Exception {
    RollingRestart.Outcome outcome = new RollingRestart(stack.state(), stack.api()).of("token");

    assertThat(outcome.failures()).isEmpty();
    assertThat(outcome.failed()).isZero();
  }

  private static String create(JsonObject body) {
    try {
      Api.Answer answer = stack.api().post("/v1/identities", body);
      return answer.status() == 201 ? answer.text("id") : "";
    } catch (java.io.UncheckedIOException e) {
      return "";
    }
  }

  private static Set<String> subjects(List<ConsumerRecord<String, byte[]>> records) {
    Set<String> subjects = new HashSet<>();
    records.forEach(message -> subjects.add(header(message, "ce_subject")));
    return subjects;
  }

  private static List<ConsumerRecord<String, byte[]>> identityTopic() {
    TopicPartition partition = new TopicPartition("relayauth.identity.v1", 0);
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            "127.0.0.1:" + stack.port("kafka"),
            "isolation.level",
            "read_committed");
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }

  private static String header(ConsumerRecord<String, byte[]> message, String name) {
    return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
