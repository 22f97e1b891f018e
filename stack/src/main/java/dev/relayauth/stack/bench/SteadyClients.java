package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Api.Answer;
import dev.relayauth.stack.demo.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that create an agent, issue, ask, read the audit log and revoke, one request after the
 * other and none of them twice, until they are closed.
 */
final class SteadyClients implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration POLL = Duration.ofMillis(5);
  private static final Duration GIVE_UP = Duration.ofSeconds(10);
  private static final int FAILURES_KEPT = 50;

  private final Api api;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicLong lastAllowed = new AtomicLong();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean running = true;

  SteadyClients(Api api, int count) {
    this.api = api;
    for (int i = 0; i < count; i++) {
      String prefix = "steady-" + Long.toString(System.nanoTime(), 36) + "-" + i + "-";
      clients.add(Thread.ofPlatform().start(() -> run(prefix)));
    }
  }

  /** How many requests were answered as they should be. */
  int answered() {
    return answered.get();
  }

  int failed() {
    return failed.get();
  }

  /** What the first failures were. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** How long after a revoke's answer something was asked at most that was allowed all the same. */
  long lastAllowedNanos() {
    return lastAllowed.get();
  }

  private void run(String prefix) {
    for (int i = 0; running; i++) {
      try {
        live(prefix + i);
      } catch (UncheckedIOException | IllegalStateException e) {
        fail(e.toString());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void live(String name) {
    JsonObject agent = new JsonObject().put("name", name).put("sponsorId", "user_jane");
    String id = counted(201, api.post("/v1/identities", agent)).text("id");
    JsonObject wanted =
        new JsonObject()
            .put("identityId", id)
            .put("scopes", new JsonArray().add("stripe:orders:read"));
    String token = counted(201, api.post("/v1/tokens", wanted)).text("accessToken");
    if (!isAllowed(token)) {
      fail("a good token was denied");
    }
    counted(200, api.get("/v1/audit?limit=5"));
    JsonObject revoked = new JsonObject().put("tokenId", Tokens.id(token));
    counted(204, api.post("/v1/tokens/revoke", revoked));
    long began = System.nanoTime();
    long asked = began;
    while (isAllowed(token)) {
      lastAllowed.accumulateAndGet(asked - began, Math::max);
      if (asked - began > GIVE_UP.toNanos()) {
        fail("a revoked token is still allowed");
        return;
      }
      LockSupport.parkNanos(POLL.toNanos());
      asked = System.nanoTime();
    }
  }

  private boolean isAllowed(String token) {
    JsonObject question = new JsonObject().put("token", token).put("scope", "stripe:orders:read");
    return counted(200, api.post("/v1/authorize", question)).body().getBoolean("allowed");
  }

  private Answer counted(int wanted, Answer answer) {
    answer.expect(wanted);
    answered.incrementAndGet();
    return answer;
  }

  private void fail(String what) {
    if (failed.incrementAndGet() <= FAILURES_KEPT) {
      failures.add(what);
    }
  }

  @Override
  public void close() {
    running = false;
    try {
      for (Thread client : clients) {
        client.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
