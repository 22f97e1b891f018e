package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.RevocationStopwatch;
import dev.relayauth.stack.demo.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tokens are issued at a steady rate while their signing key is rotated three times and one key is
 * removed. Each is presented at once, and one of those before it as well, to the replicas in turn:
 * none may be refused but those of the removed key, and those everywhere.
 */
final class RotationBench {
  private static final int PER_SECOND = 200;

  /** A replica that is behind under load says so: it refuses nobody's token. */
  private static final int UNAVAILABLE = 503;

  private static final int ROTATIONS = 3;

  /** A standby is published for six seconds before it signs; a rotation before that waits. */
  private static final long PAUSE_MILLIS = 7_000;

  private static final long TAIL_MILLIS = 3_000;
  private static final long PROBE_NANOS = 1_000_000;

  private final Api platform;
  private final Map<String, Api> replicas = new TreeMap<>();
  private final List<Api> issuers = new ArrayList<>();
  private final String identity;
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<String> issued = new ArrayList<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger uses = new AtomicInteger();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final AtomicLong lastPermit = new AtomicLong();
  private volatile @Nullable String removed;
  private volatile long removedAt;

  RotationBench(Api api, RunningStack stack) {
    this.platform = api.as(stack.credentials().getString("platformKey"));
    // Without standing grants: its tokens have what their issuer names.
    this.identity =
        api.post(
                "/v1/identities",
                new JsonObject()
                    .put("name", "rotation-" + Long.toString(System.currentTimeMillis(), 36))
                    .put("sponsorId", stack.credentials().getString("sponsorId")))
            .expect(201)
            .text("id");
    String key = stack.credentials().getString("adminApiKey");
    stack
        .verifiers()
        .forEach(
            (name, port) -> {
              Api replica = new Api("http://127.0.0.1:" + port, key);
              replicas.put(name, replica);
              if (name.startsWith("token")) {
                issuers.add(replica);
              }
            });
  }

  /** Runs it, prints what was seen and returns it. */
  JsonObject run() throws InterruptedException {
    ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      pace.scheduleAtFixedRate(
          () -> clients.execute(this::issueAndUse),
          0,
          TimeUnit.SECONDS.toMicros(1) / PER_SECOND,
          TimeUnit.MICROSECONDS);
      for (int i = 0; i < ROTATIONS; i++) {
        Thread.sleep(PAUSE_MILLIS);
        platform.post("/v1/keys/rotate", new JsonObject()).expect(201);
      }
      Thread.sleep(PAUSE_MILLIS);
      remove(clients);
      Thread.sleep(TAIL_MILLIS);
      pace.shutdownNow();
    }
    return report();
  }

  private void issueAndUse() {
    int number = count.getAndIncrement();
    boolean afterRemoval = removedAt != 0;
    try {
      Api.Answer answer = issuers.get(number % issuers.size()).post("/v1/tokens", wanted());
      if (answer.status() == UNAVAILABLE) {
        unavailable.incrementAndGet();
        return;
      }
      if (answer.status() != 201) {
        failures.add("issue: " + answer.status() + " " + answer.body());
        return;
      }
      String token = answer.text("accessToken");
      if (afterRemoval && Tokens.kid(token).equals(removed)) {
        failures.add("issued with the removed key");
      }
      use(number, token);
      use(number + 1, remembered(token));
    } catch (RuntimeException e) {
      failures.add(String.valueOf(e));
    }
  }

  /** One of all that were issued so far. */
  private String remembered(String token) {
    synchronized (issued) {
      issued.add(token);
      return issued.get(ThreadLocalRandom.current().nextInt(issued.size()));
    }
  }

  private void use(int number, String token) {
    String name = List.copyOf(replicas.keySet()).get(number % replicas.size());
    int status = status(name, token);
    long now = System.nanoTime();
    uses.incrementAndGet();
    boolean ofRemoved = Tokens.kid(token).equals(removed);
    if (status == UNAVAILABLE) {
      unavailable.incrementAndGet();
    } else if (status == 200 && ofRemoved && removedAt != 0) {
      lastPermit.accumulateAndGet(now - removedAt, Math::max);
    } else if (status != 200 && !ofRemoved) {
      failures.add(name + ": " + status + " for a token of " + Tokens.kid(token));
    }
  }

  private int status(String name, String token) {
    String service = name.substring(0, name.lastIndexOf('-'));
    String route = Objects.requireNonNull(RevocationStopwatch.ROUTES.get(service));
    return Objects.requireNonNull(replicas.get(name)).as(token).get(route).status();
  }

  /** Removes the key that signs, and asks every replica about a token of it until all refuse. */
  private void remove(ExecutorService clients) {
    String token;
    synchronized (issued) {
      token = issued.getLast();
    }
    replicas.keySet().forEach(name -> requireGood(name, status(name, token)));
    removed = Tokens.kid(token);
    platform.delete("/v1/keys/" + removed).expect(204);
    removedAt = System.nanoTime();
    for (String name : replicas.keySet()) {
      clients.execute(
          () -> {
            while (status(name, token) == 200) {
              lastPermit.accumulateAndGet(System.nanoTime() - removedAt, Math::max);
              LockSupport.parkNanos(PROBE_NANOS);
            }
          });
    }
  }

  private static void requireGood(String name, int status) {
    if (status != 200 && status != UNAVAILABLE) {
      throw new IllegalStateException(name + " refused a good token: " + status);
    }
  }

  private JsonObject wanted() {
    return new JsonObject()
        .put("identityId", identity)
        .put("scopes", new JsonArray().add("relayauth:*:read"));
  }

  private JsonObject report() {
    synchronized (issued) {
      long kids = issued.stream().map(Tokens::kid).distinct().count();
      System.out.printf(
          Locale.ROOT,
          "%-20s %d tokens of %d keys, %d uses, %d wrongly refused, %d times 503; a token of the"
              + " removed key was last let in %.1f ms after the 204%n",
          "rotation",
          issued.size(),
          kids,
          uses.get(),
          failures.size(),
          unavailable.get(),
          lastPermit.get() / 1e6);
      failures.stream().limit(5).forEach(failure -> System.out.println("  " + failure));
      return new JsonObject()
          .put("scenario", "rotation")
          .put("tokens", issued.size())
          .put("keys", kids)
          .put("uses", uses.get())
          .put("wronglyRefused", failures.size())
          .put("unavailable", unavailable.get())
          .put("lastPermitMillis", lastPermit.get() / 1e6);
    }
  }
}
