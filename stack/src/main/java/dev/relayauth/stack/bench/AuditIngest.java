package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Publishes records of an organisation of its own kind of action, and measures how fast the audit
 * service makes them queryable: until the last one, produced after all others, is found.
 */
final class AuditIngest {
  private static final Duration GIVE_UP = Duration.ofMinutes(2);
  private static final String TOPIC = "relayauth.audit.v1";

  private final String bootstrap;
  private final Api api;
  private final String org;

  AuditIngest(String bootstrap, Api api, String org) {
    this.bootstrap = bootstrap;
    this.api = api;
    this.org = org;
  }

  /** Records a second from the first send until the last one is queryable. */
  double run(int count) throws InterruptedException {
    String marker = "agent_bench_" + UUID.randomUUID();
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("acks", "all");
    settings.put("linger.ms", 5);
    settings.put("compression.type", "lz4");
    long start = System.nanoTime();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        String identity = i == count - 1 ? marker : "agent_bench_" + i % 1000;
        producer.send(message("aud_bench_" + UUID.randomUUID(), identity, i));
      }
    }
    Instant giveUp = Instant.now().plus(GIVE_UP);
    while (Instant.now().isBefore(giveUp)) {
      JsonArray found =
          api.get("/v1/audit?limit=1&identityId=" + marker)
              .expect(200)
              .body()
              .getJsonArray("entries");
      if (!found.isEmpty()) {
        return count / ((System.nanoTime() - start) / 1e9);
      }
      Thread.sleep(10);
    }
    throw new IllegalStateException("the last record did not arrive within " + GIVE_UP);
  }

  private ProducerRecord<String, byte[]> message(String id, String identity, int number) {
    String now = Instant.now().toString();
    JsonObject data =
        new JsonObject()
            .put("id", id)
            .put("action", "scope.checked")
            .put("identityId", identity)
            .put("orgId", org)
            .put("workspaceId", "ws_prod")
            .put("plane", "stripe")
            .put("resource", "orders")
            .put("result", "allowed")
            .put("sponsorId", "user_jane")
            .put("sponsorChain", new JsonArray().add("user_jane").add(identity))
            .put("metadata", new JsonObject().put("scope", "stripe:orders:read"))
            .put("requestId", "req_bench_" + number)
            .put("timestamp", now);
    ProducerRecord<String, byte[]> message =
        new ProducerRecord<>(TOPIC, org, data.encode().getBytes(StandardCharsets.UTF_8));
    Map<String, String> attributes =
        Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            id,
            "ce_source",
            "/relayauth/bench",
            "ce_type",
            "dev.relayauth.scope.checked.v1",
            "ce_subject",
            identity,
            "ce_time",
            now,
            "ce_sequence",
            Integer.toString(number));
    attributes.forEach(
        (name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return message;
  }
}
