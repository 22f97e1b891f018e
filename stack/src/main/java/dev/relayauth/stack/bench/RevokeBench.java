package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.RevocationStopwatch;
import dev.relayauth.stack.demo.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Revocations of several kinds at a steady rate, with event streams open; a sample of them is timed
 * from the 2xx until each replica first denies. Not of organisations and signing keys, which would
 * take the bench's own credentials away.
 */
final class RevokeBench {
  private static final int VICTIMS = 10;
  private static final int TOKENS = 200;
  private static final List<String> KINDS =
      List.of("token", "session", "identity", "sponsor", "workspace");
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Api api;
  private final Map<String, Integer> replicas;
  private final EventSubscribers subscribers;
  private final Map<String, Latencies> denials = new LinkedHashMap<>();
  private final Latencies slowest = new Latencies();
  private final List<Victim> victims = new ArrayList<>();
  private final List<String> spare = new CopyOnWriteArrayList<>();
  private final AtomicInteger late = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();

  /**
   * @param replicas the ports of the verifiers by their name, such as {@code policy-2}
   */
  RevokeBench(Api api, Map<String, Integer> replicas, EventSubscribers subscribers) {
    this.api = api;
    this.replicas = Map.copyOf(replicas);
    this.subscribers = subscribers;
    replicas.keySet().stream().sorted().forEach(name -> denials.put(name, new Latencies()));
  }

  private record Victim(String identity, String sponsor, String workspace) {}

  /** Runs {@code samples} timed revocations beside {@code perSecond} others. */
  JsonObject run(int perSecond, int samples) throws InterruptedException {
    prepare();
    ScheduledExecutorService load = Executors.newScheduledThreadPool(4);
    AtomicInteger number = new AtomicInteger();
    long every = TimeUnit.SECONDS.toMicros(1) / perSecond;
    load.scheduleAtFixedRate(
        () -> load.execute(() -> background(number.getAndIncrement())),
        0,
        every,
        TimeUnit.MICROSECONDS);
    long began = System.nanoTime();
    try (ExecutorService pollers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < samples; i++) {
        time(pollers, victims.get(i % VICTIMS), KINDS.get(i % KINDS.size()));
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    load.shutdownNow();
    load.awaitTermination(5, TimeUnit.SECONDS);
    return report(number.get() / seconds);
  }

  private void prepare() {
    for (int i = 0; i < VICTIMS; i++) {
      String suffix = i + "-" + Long.toString(System.currentTimeMillis(), 36);
      String sponsor = create("/v1/sponsors", new JsonObject().put("name", "s" + suffix));
      String workspace = create("/v1/workspaces", new JsonObject().put("name", "w" + suffix));
      String identity =
          create(
              "/v1/identities",
              new JsonObject()
                  .put("name", "revoked-" + suffix)
                  .put("sponsorId", sponsor)
                  .put("workspaceId", workspace));
      victims.add(new Victim(identity, sponsor, workspace));
    }
    for (int i = 0; i < TOKENS; i++) {
      spare.add(Tokens.id(token(victims.get(i % VICTIMS))));
    }
  }

  private String create(String path, JsonObject body) {
    return api.post(path, body).expect(201).text("id");
  }

  private String token(Victim victim) {
    return issue(victim).getString("accessToken");
  }

  private JsonObject issue(Victim victim) {
    JsonObject body =
        new JsonObject()
            .put("identityId", victim.identity())
            .put("scopes", new JsonArray().add("relayauth:*:read"));
    return api.post("/v1/tokens", body).expect(201).body();
  }

  private void background(int number) {
    JsonObject body =
        new JsonObject().put("type", "token").put("id", spare.get(number % spare.size()));
    if (api.post("/v1/revocations", body).status() != 201) {
      failed.incrementAndGet();
    }
  }

  private void time(ExecutorService pollers, Victim victim, String kind) {
    JsonObject pair = issue(victim);
    String token = pair.getString("accessToken");
    String id =
        switch (kind) {
          case "token" -> Tokens.id(token);
          case "session" -> pair.getString("sessionId");
          case "identity" -> victim.identity();
          case "sponsor" -> victim.sponsor();
          default -> victim.workspace();
        };
    Map<String, Api> verifiers = new LinkedHashMap<>();
    denials
        .keySet()
        .forEach(
            name -> verifiers.put(name, new Api("http://127.0.0.1:" + replicas.get(name), token)));
    verifiers.forEach((name, verifier) -> verifier.get(route(name)));
    api.post("/v1/revocations", new JsonObject().put("type", kind).put("id", id)).expect(201);
    long answered = System.nanoTime();
    subscribers.answered(id, answered);
    Map<String, Future<Long>> first = new LinkedHashMap<>();
    verifiers.forEach(
        (name, verifier) ->
            first.put(name, pollers.submit(() -> firstDenial(verifier, route(name)))));
    long last = answered;
    for (Map.Entry<String, Future<Long>> each : first.entrySet()) {
      long at = get(each.getValue());
      Objects.requireNonNull(denials.get(each.getKey())).add(at - answered);
      last = Math.max(last, at);
    }
    slowest.add(last - answered);
    verifiers.forEach(
        (name, verifier) -> late.addAndGet(verifier.get(route(name)).status() == 401 ? 0 : 1));
  }

  private static String route(String name) {
    return Objects.requireNonNull(
        RevocationStopwatch.ROUTES.get(name.substring(0, name.lastIndexOf('-'))));
  }

  private static long firstDenial(Api verifier, String route) {
    long giveUp = System.nanoTime() + GIVE_UP_NANOS;
    while (System.nanoTime() < giveUp) {
      if (verifier.get(route).status() == 401) {
        return System.nanoTime();
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new IllegalStateException(route + " still accepts a revoked token");
  }

  private static long get(Future<Long> denial) {
    try {
      return denial.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonObject report(double perSecond) {
    System.out.printf(
        "%.0f revocations/s beside the timed ones, %d refused%n", perSecond, failed.get());
    denials.forEach((name, latencies) -> System.out.println(latencies.line(name)));
    System.out.println(slowest.line("all replicas"));
    System.out.println(subscribers.latencies().line(subscribers.size() + " streams"));
    System.out.println(slowest.histogram());
    System.out.println("permits after the first denial: " + late.get());
    JsonObject report =
        new JsonObject()
            .put("scenario", "revoke")
            .put("perSecond", perSecond)
            .put("permitsAfterDenial", late.get())
            .put("all", slowest.json())
            .put("streams", subscribers.latencies().json());
    denials.forEach((name, latencies) -> report.put(name, latencies.json()));
    return report;
  }
}
