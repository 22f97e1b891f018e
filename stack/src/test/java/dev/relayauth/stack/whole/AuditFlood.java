package dev.relayauth.stack.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.stack.bench.AuditEvents;
import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Audit records of an organisation of their own, sent to the broker in spite of everything, some of
 * them twice; and every checkpoint that was signed meanwhile.
 */
final class AuditFlood implements AutoCloseable {
  /** How long a record may take to arrive, or to be stored. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final int TWICE = 100;

  private final Api api;
  private final String baseUrl;
  private final String key;
  private final AuditEvents events;
  private final KafkaProducer<String, byte[]> producer;
  private final Set<String> sent = new HashSet<>();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Exception> refusals = new ConcurrentLinkedQueue<>();
  private final ConcurrentSkipListMap<Long, String> checkpoints = new ConcurrentSkipListMap<>();
  private final Thread observer;

  AuditFlood(WholeStack stack) {
    JsonObject founded =
        stack
            .api()
            .as(stack.credentials().getString("platformKey"))
            .post("/v1/organizations", new JsonObject().put("name", "Flood"))
            .expect(201)
            .body();
    baseUrl = stack.baseUrl();
    key = founded.getString("key");
    api = new Api(baseUrl, key);
    events = new AuditEvents(founded.getJsonObject("organization").getString("id"));
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + stack.port("kafka"),
                "acks",
                "all",
                "linger.ms",
                5,
                "max.block.ms",
                (int) PATIENCE.toMillis(),
                "delivery.timeout.ms",
                (int) PATIENCE.toMillis()),
            new StringSerializer(),
            new ByteArraySerializer());
    observer = Thread.ofPlatform().daemon().start(this::observe);
  }

  /** Sends that many, which returns before they have arrived. */
  void send(int count) {
    for (int i = 0; i < count; i++) {
      ProducerRecord<String, byte[]> message = events.next();
      String id = new String(message.headers().lastHeader("ce_id").value(), UTF_8);
      sent.add(id);
      for (int times = i % TWICE == 0 ? 2 : 1; times > 0; times--) {
        producer.send(message, (_, refusal) -> note(id, refusal));
      }
    }
  }

  /** How many records the broker has taken, those sent twice once. */
  int acknowledged() {
    return acknowledged.size();
  }

  /** Fails unless all that was sent is stored once, in a tree that every checkpoint was of. */
  void verify() {
    producer.flush();
    assertThat(refusals).isEmpty();
    assertThat(acknowledged).isEqualTo(sent);
    WholeStack.await(PATIENCE, () -> checkpointed() >= sent.size());
    WholeStack.await(PATIENCE, () -> ids().size() >= sent.size());
    List<String> stored = ids();
    assertThat(stored).doesNotHaveDuplicates();
    assertThat(new HashSet<>(stored)).isEqualTo(sent);
    List<byte[]> leaves = new ArrayList<>();
    export(new JsonObject().put("format", "verifiable")).forEach(line -> addHashes(leaves, line));
    // Reads are on record too: the tree has grown since.
    NavigableMap<Long, String> signed =
        new TreeMap<>(checkpoints).headMap((long) leaves.size(), true);
    assertThat(signed.size()).isGreaterThan(2);
    assertThat(signed).isEqualTo(new PrefixRoots(leaves).at(signed.navigableKeySet()));
  }

  @Override
  public void close() {
    observer.interrupt();
    producer.close(Duration.ofSeconds(1));
  }

  private void note(String id, @Nullable Exception refusal) {
    if (refusal == null) {
      acknowledged.add(id);
    } else {
      refusals.add(refusal);
    }
  }

  private void observe() {
    while (!Thread.currentThread().isInterrupted()) {
      checkpointed();
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** How many leaves the newest checkpoint is of, which is kept; -1 while nobody says. */
  private long checkpointed() {
    try {
      Api.Answer answer = api.get("/v1/audit/checkpoint");
      if (answer.status() != 200) {
        return -1;
      }
      long size = answer.body().getLong("size");
      checkpoints.merge(
          size,
          answer.text("rootHash"),
          (known, again) -> known.equals(again) ? known : known + " and " + again);
      return size;
    } catch (UncheckedIOException | IllegalStateException away) {
      return -1;
    }
  }

  private List<String> ids() {
    JsonObject asked = new JsonObject().put("format", "ndjson").put("action", "scope.checked");
    return export(asked).map(line -> new JsonObject(line).getString("id")).toList();
  }

  private Stream<String> export(JsonObject asked) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(baseUrl + "/v1/audit/export"))
            .header("x-api-key", key)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(asked.encode()))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      List<String> lines = client.send(request, BodyHandlers.ofLines()).body().toList();
      return lines.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void addHashes(List<byte[]> leaves, String line) {
    JsonObject part = new JsonObject(line).getJsonObject("leafHashes");
    if (part != null) {
      byte[] hashes = Base64.getDecoder().decode(part.getString("hashes"));
      for (int at = 0; at < hashes.length; at += PrefixRoots.LENGTH) {
        leaves.add(Arrays.copyOfRange(hashes, at, at + PrefixRoots.LENGTH));
      }
    }
  }
}
