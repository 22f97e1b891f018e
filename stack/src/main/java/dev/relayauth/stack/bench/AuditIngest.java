package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * How many records a second the audit service stores for a minute, counted by the checkpoints it
 * signs; how old the newest one that a query finds is at half that rate; and a bare COPY beside.
 */
final class AuditIngest {
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration MEASURED = Duration.ofSeconds(60);
  private static final Duration GIVE_UP = Duration.ofMinutes(2);

  /** What is sent and not yet checkpointed: more than a second's work, so it never waits for us. */
  private static final long BACKLOG = 100_000;

  private static final int PACE = 10_000;
  private static final int PROBE_EVERY = 100;
  private static final Duration PACED = Duration.ofSeconds(20);

  private final RunningStack stack;
  private final Api api;
  private final String org;
  private final AuditEvents events;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile boolean generating;

  AuditIngest(RunningStack stack) {
    this.stack = stack;
    JsonObject made = stack.organization("Audit bench");
    this.api = new Api(stack.credentials().getString("baseUrl"), made.getString("key"));
    this.org = made.getJsonObject("organization").getString("id");
    this.events = new AuditEvents(org);
  }

  /** Measures, prints and returns the figures. */
  JsonObject run() throws IOException, InterruptedException {
    double copied = new BareCopy(stack.jdbcUrl()).perSecond();
    System.out.printf(
        Locale.ROOT, "%-20s %10.0f   rows/s into a table without an index%n", "bare COPY", copied);
    JsonObject report =
        new JsonObject().put("scenario", "audit-ingest").put("bareCopyPerSecond", copied);
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            "127.0.0.1:" + stack.port("kafka"),
            "acks",
            "all",
            "linger.ms",
            5,
            "batch.size",
            64 * 1024,
            "compression.type",
            "lz4");
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      sustained(producer, report);
      lag(producer, report);
    }
    return report;
  }

  private void sustained(KafkaProducer<String, byte[]> producer, JsonObject report)
      throws IOException, InterruptedException {
    long before = checkpointed();
    generating = true;
    Thread generator = Thread.ofPlatform().daemon().start(() -> keepBusy(producer, before));
    await(generator, WARM_UP);
    Map<String, Double> cpuBefore = cpuMillis();
    long began = System.nanoTime();
    long from = checkpointed();
    await(generator, MEASURED);
    long stored = checkpointed() - from;
    double seconds = (System.nanoTime() - began) / 1e9;
    Map<String, Double> cpu = cpuMillis();
    cpu.replaceAll((name, millis) -> (millis - cpuBefore.getOrDefault(name, 0.0)) / seconds / 10);
    generating = false;
    generator.join();
    double drained = drain(before);
    long rows = stored();
    if (rows != sent.get()) {
      throw new IllegalStateException(sent.get() + " were sent, " + rows + " are stored");
    }
    System.out.printf(
        Locale.ROOT,
        "%-20s %10.0f   records/s for %.0f s, checkpointed; the other %.1f s of backlog came too:"
            + " each once%n",
        "audit ingest",
        stored / seconds,
        seconds,
        drained);
    cpu.forEach(
        (name, share) ->
            System.out.printf(Locale.ROOT, "  %-18s %9.0f %% of a core%n", name, share));
    report
        .put("perSecond", stored / seconds)
        .put("seconds", seconds)
        .put("corePercent", new JsonObject(new LinkedHashMap<>(cpu)));
  }

  /** Sends as long as the backlog is small enough. */
  private void keepBusy(KafkaProducer<String, byte[]> producer, long before) {
    while (generating) {
      long room = BACKLOG - (sent.get() - (checkpointed() - before));
      for (long i = 0; i < Math.min(room, BACKLOG / 20); i++) {
        send(producer, events.next());
      }
      if (room <= 0) {
        pause(Duration.ofMillis(10));
      }
    }
  }

  /** Waits until all that was sent is checkpointed, and says how long that took, in seconds. */
  private double drain(long before) throws InterruptedException {
    long began = System.nanoTime();
    Instant giveUp = Instant.now().plus(GIVE_UP);
    while (checkpointed() - before < sent.get() && Instant.now().isBefore(giveUp)) {
      Thread.sleep(20);
    }
    if (failure.get() != null || checkpointed() - before < sent.get()) {
      throw new IllegalStateException(
          sent.get() + " were sent, " + (checkpointed() - before) + " came", failure.get());
    }
    return (System.nanoTime() - began) / 1e9;
  }

  /** How many rows there are of what was sent. */
  private long stored() throws IOException {
    String sql =
        "select count(*) from audit.audit_record where org = ? and action = 'scope.checked'";
    try (Connection connection = DriverManager.getConnection(stack.jdbcUrl(), "postgres", "");
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, org);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private void lag(KafkaProducer<String, byte[]> producer, JsonObject report)
      throws InterruptedException {
    generating = true;
    Thread generator = Thread.ofPlatform().daemon().start(() -> pace(producer));
    await(generator, Duration.ofSeconds(3));
    Latencies ages = new Latencies();
    Instant end = Instant.now().plus(PACED);
    while (Instant.now().isBefore(end)) {
      ages.add(ageOfNewestProbe().toNanos());
      Thread.sleep(50);
    }
    generating = false;
    generator.join();
    System.out.println(ages.line("  lag at 10,000/s"));
    report.put("lagAtTenThousand", ages.json());
  }

  private void pace(KafkaProducer<String, byte[]> producer) {
    long began = System.nanoTime();
    for (long n = 0; generating; n++) {
      long early = began + n * 1_000_000_000L / PACE - System.nanoTime();
      if (early > 1_000_000) {
        pause(Duration.ofNanos(early));
      }
      send(producer, n % PROBE_EVERY == 0 ? events.probe() : events.next());
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration ageOfNewestProbe() {
    JsonArray found =
        api.get("/v1/audit?limit=1&identityId=" + events.probeAgent())
            .expect(200)
            .body()
            .getJsonArray("entries");
    Instant newest = Instant.parse(found.getJsonObject(0).getString("timestamp"));
    return Duration.between(newest, Instant.now());
  }

  private void send(
      KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> message) {
    producer.send(
        message,
        (_, refusal) -> {
          if (refusal != null) {
            failure.set(refusal);
          }
        });
    sent.incrementAndGet();
  }

  /** How many records of the organisation the newest signed checkpoint covers. */
  private long checkpointed() {
    return api.get("/v1/audit/checkpoint").expect(200).body().getLong("size");
  }

  private static void await(Thread generator, Duration time) throws InterruptedException {
    if (generator.join(time)) {
      throw new IllegalStateException("the generator ended early");
    }
  }

  /** CPU time by process, its children included; this one is the generator. */
  private Map<String, Double> cpuMillis() {
    Map<String, Double> millis = new LinkedHashMap<>();
    for (String name : List.of("audit", "kafka", "postgres")) {
      millis.put(name, CpuClock.millis(stack.pidsWithChildren(name)));
    }
    millis.put("generator", CpuClock.millis(List.of(ProcessHandle.current().pid())));
    return millis;
  }
}
