package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Fills the revocation topic with entries, kills a replica, and measures until the one that takes
 * its place is ready, which it is once it holds them all.
 */
final class ColdReplica {
  private static final String TOPIC = "relayauth.revocation.v1";
  private static final String REPLICA = "policy";
  private static final Duration GIVE_UP = Duration.ofMinutes(3);
  private static final int ORGANIZATIONS = 1_000;

  private final RunningStack stack;
  private final int entries;
  private final SecureRandom random = new SecureRandom();

  ColdReplica(RunningStack stack, int entries) {
    this.stack = stack;
    this.entries = entries;
  }

  /** Measures, prints and returns the figures. */
  JsonObject run() {
    fill();
    long pid = stack.pids(REPLICA).getFirst();
    Api replica = new Api("http://127.0.0.1:" + stack.port(REPLICA), "none");
    await(() -> isReady(replica));
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    long killed = System.nanoTime();
    await(() -> !isReady(replica));
    await(() -> isReady(replica));
    double seconds = (System.nanoTime() - killed) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "cold replica: ready %.1f s after its predecessor was killed, with %,d entries%n",
        seconds,
        entries);
    return new JsonObject()
        .put("scenario", "revoke-set")
        .put("entries", entries)
        .put("coldReplicaSeconds", seconds);
  }

  private void fill() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", "127.0.0.1:" + stack.port("kafka"));
    settings.put("acks", "all");
    settings.put("linger.ms", 20);
    settings.put("compression.type", "lz4");
    Instant now = Instant.now();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < entries; i++) {
        producer.send(message("org_bench" + i % ORGANIZATIONS, now));
      }
    }
  }

  /** Entries as old as the first of the feed, so that nobody takes them for its head. */
  private ProducerRecord<String, byte[]> message(String org, Instant now) {
    String token = id("tok_");
    JsonObject state =
        new JsonObject()
            .put("id", id("rev_"))
            .put("orgId", org)
            .put("type", "token")
            .put("targetId", token)
            .put("closed", false)
            .put("effectiveAt", now.toString())
            .put("expiresAt", now.plus(Duration.ofDays(1)).toString())
            .put("revision", 1);
    ProducerRecord<String, byte[]> message =
        new ProducerRecord<>(
            TOPIC, org + "/token/" + token, state.encode().getBytes(StandardCharsets.UTF_8));
    List.of(
            Map.entry("ce_specversion", "1.0"),
            Map.entry("ce_id", id("evt_")),
            Map.entry("ce_source", "/relayauth/bench"),
            Map.entry("ce_type", "dev.relayauth.revocation.created.v1"),
            Map.entry("ce_subject", token),
            Map.entry("ce_time", now.toString()),
            Map.entry("ce_sequence", "1"))
        .forEach(
            header ->
                message
                    .headers()
                    .add(header.getKey(), header.getValue().getBytes(StandardCharsets.UTF_8)));
    return message;
  }

  private String id(String prefix) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static boolean isReady(Api replica) {
    try {
      return replica.get("/q/health/ready").status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    long giveUp = System.nanoTime() + GIVE_UP.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - giveUp > 0) {
        throw new IllegalStateException("not within " + GIVE_UP);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
