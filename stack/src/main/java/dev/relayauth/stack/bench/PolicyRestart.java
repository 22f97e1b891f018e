package dev.relayauth.stack.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Puts a large fleet and its policies straight onto the topics, restarts the policy service and
 * measures until it is ready. It leaves topics behind that nobody wants to go on with.
 */
final class PolicyRestart {
  private static final int POLICIES = 10_000;
  private static final String ORGANIZATION = "org_fleet";
  private static final Duration GIVE_UP = Duration.ofMinutes(5);

  /** Below every sequence that a service of the stack has given. */
  private static final int SEQUENCE = 1;

  private final RunningStack stack;
  private final int identities;
  private final String now = Instant.now().toString();

  PolicyRestart(RunningStack stack, int identities) {
    this.stack = stack;
    this.identities = identities;
  }

  /** Fills, restarts and measures. */
  JsonObject run() throws IOException, InterruptedException {
    fill();
    long pid = stack.pids("policy").getFirst();
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroy();
    process.onExit().join();
    long start = System.nanoTime();
    awaitReady(start);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "policy restart       ready %.1f s after the old process ended: %,d identities, %,d"
            + " policies%n",
        seconds,
        identities,
        POLICIES);
    return new JsonObject()
        .put("scenario", "policy-restart")
        .put("identities", identities)
        .put("policies", POLICIES)
        .put("readySeconds", seconds);
  }

  private void fill() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", "127.0.0.1:" + stack.port("kafka"));
    settings.put("acks", "all");
    settings.put("linger.ms", 20);
    settings.put("batch.size", 256 * 1024);
    settings.put("compression.type", "lz4");
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      for (int n = 0; n < identities; n++) {
        producer.send(message("identity", "agent_fleet-" + n, identity(n)));
      }
      for (int n = 0; n < POLICIES; n++) {
        producer.send(message("policy", "pol_fleet-" + n, policy(n)));
      }
    }
  }

  private void awaitReady(long since) throws InterruptedException {
    URI ready = URI.create("http://127.0.0.1:" + stack.port("policy") + "/q/health/ready");
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() - since < GIVE_UP.toNanos()) {
        try {
          HttpRequest request =
              HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(2)).build();
          if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException notYet) {
          // It is starting.
        }
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException("the policy service is not ready after " + GIVE_UP);
  }

  private JsonObject identity(int n) {
    String id = "agent_fleet-" + n;
    JsonArray chain = new JsonArray().add("user_" + n % 1_000);
    if (n % 10 > 0) {
      chain.add("agent_fleet-" + (n - n % 10));
    }
    String sponsor = chain.getString(chain.size() - 1);
    return entity(id)
        .put("name", "fleet-bot-" + n)
        .put("type", "agent")
        .put("status", "active")
        .put("workspaceId", "ws_" + n % 50)
        .put("sponsorId", sponsor)
        .put("sponsorChain", chain.add(id))
        .put("scopes", new JsonArray().add("stripe:orders:read").add("github:repos:read"))
        .put("roles", new JsonArray().add("role_" + n % 100))
        .put("issuerScoped", false)
        .put("metadata", new JsonObject().put("team", "team-" + n % 100));
  }

  private JsonObject policy(int n) {
    return entity("pol_fleet-" + n)
        .put("name", "fleet-policy-" + n)
        .put("effect", n % 2 == 0 ? "deny" : "allow")
        .put("scopes", new JsonArray().add("plane-" + n % 100 + ":thing-" + n / 100 + ":write"))
        .put("conditions", new JsonArray())
        .put("obligations", new JsonArray())
        .put("priority", n % 1_000)
        .put("deleted", false);
  }

  private JsonObject entity(String id) {
    return new JsonObject()
        .put("orgId", ORGANIZATION)
        .put("id", id)
        .put("createdAt", now)
        .put("updatedAt", now)
        .put("revision", SEQUENCE);
  }

  private ProducerRecord<String, byte[]> message(String kind, String id, JsonObject state) {
    ProducerRecord<String, byte[]> message =
        new ProducerRecord<>(
            "relayauth." + kind + ".v1",
            ORGANIZATION + "/" + kind + "/" + id,
            state.encode().getBytes(StandardCharsets.UTF_8));
    Map<String, String> attributes =
        Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            "evt_" + id,
            "ce_source",
            "/relayauth/" + kind,
            "ce_type",
            "dev.relayauth." + kind + ".created.v1",
            "ce_subject",
            id,
            "ce_time",
            now,
            "ce_sequence",
            Integer.toString(SEQUENCE),
            "content-type",
            "application/json");
    attributes.forEach(
        (name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return message;
  }
}
