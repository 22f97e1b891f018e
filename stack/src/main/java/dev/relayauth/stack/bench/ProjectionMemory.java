package dev.relayauth.stack.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What an identity costs a service that holds them all in memory: its live heap before and after
 * that many more are published to it.
 */
final class ProjectionMemory {
  private static final String TOPIC = "relayauth.identity.v1";
  private static final Duration GIVE_UP = Duration.ofMinutes(3);
  private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
  private static final Pattern LAG =
      Pattern.compile("relayauth_projection_lag\\{[^}]*identity[^}]*} ([0-9.E+]+)");

  private final RunningStack stack;
  private final HttpClient client = HttpClient.newHttpClient();

  ProjectionMemory(RunningStack stack) {
    this.stack = stack;
  }

  /** Bytes of live heap an identity, of that service. */
  double bytesEach(String service, String org, int count) throws IOException, InterruptedException {
    awaitNoLag(service);
    long before = liveBytes(service);
    publish(org, count);
    awaitNoLag(service);
    return (double) (liveBytes(service) - before) / count;
  }

  private void publish(String org, int count) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", "127.0.0.1:" + stack.port("kafka"));
    settings.put("linger.ms", 20);
    settings.put("batch.size", 262_144);
    settings.put("compression.type", "lz4");
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      for (int n = 1; n <= count; n++) {
        producer.send(message(org, n));
      }
    }
  }

  /** The state of the n-th as {@link IdentityRowsOf} has it. */
  private static ProducerRecord<String, byte[]> message(String org, int n) {
    String id = IdentityRowsOf.id(org, n);
    boolean top = n % 10 == 0 || n < 10;
    String sponsor = top ? "user_bench" : IdentityRowsOf.id(org, n - n % 10);
    JsonArray chain = new JsonArray().add("user_bench");
    String now = Instant.now().toString();
    JsonObject data =
        new JsonObject()
            .put("orgId", org)
            .put("id", id)
            .put("name", "bot-" + n)
            .put("type", "agent")
            .put("status", "active")
            .put("sponsorId", sponsor)
            .put("sponsorChain", (top ? chain : chain.add(sponsor)).add(id))
            .put("scopes", new JsonArray().add("stripe:orders:read").add("github:repos:read"))
            .put("roles", new JsonArray())
            .put("issuerScoped", false)
            .put("metadata", new JsonObject().put("team", "bench"))
            .put("createdAt", now)
            .put("updatedAt", now)
            .put("revision", n);
    ProducerRecord<String, byte[]> message =
        new ProducerRecord<>(
            TOPIC, org + "/identity/" + id, data.encode().getBytes(StandardCharsets.UTF_8));
    Map<String, String> attributes =
        Map.of(
            "ce_id",
            "evt_bench_" + id,
            "ce_source",
            "/relayauth/bench",
            "ce_type",
            "dev.relayauth.identity.created.v1",
            "ce_subject",
            id,
            "ce_time",
            now,
            "ce_sequence",
            "1");
    attributes.forEach(
        (name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return message;
  }

  /** Waits until the service has applied all that is published; three looks must agree. */
  private void awaitNoLag(String service) throws IOException, InterruptedException {
    Instant giveUp = Instant.now().plus(GIVE_UP);
    for (int quiet = 0; quiet < 3; Thread.sleep(700)) {
      quiet = lag(service) == 0 ? quiet + 1 : 0;
      if (Instant.now().isAfter(giveUp)) {
        throw new IOException(service + " is still behind after " + GIVE_UP);
      }
    }
  }

  private double lag(String service) throws IOException, InterruptedException {
    URI metrics = URI.create("http://127.0.0.1:" + stack.port(service) + "/q/metrics");
    String text =
        client.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    Matcher found = LAG.matcher(text);
    if (!found.find()) {
      throw new IOException(service + " does not say how far its projection is");
    }
    return Double.parseDouble(found.group(1));
  }

  /** What is alive after a full collection, by the JVM's own count. */
  private long liveBytes(String service) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(stack.pids(service).getFirst()),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    Matcher total = TOTAL.matcher(text);
    if (!total.find()) {
      throw new IOException("jcmd says nothing of " + service + "; a JDK is needed: " + text);
    }
    return Long.parseLong(total.group(1));
  }
}
