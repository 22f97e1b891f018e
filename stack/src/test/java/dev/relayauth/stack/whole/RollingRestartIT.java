package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Api.Answer;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two replicas of each service, restarted one after the other while clients go on: as an update.
 */
class RollingRestartIT {
  private static final Duration RESTART = Duration.ofSeconds(60);
  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(100);
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

  @ParameterizedTest
  @ValueSource(strings = {"identity", "token", "policy", "audit", "revocation"})
  void restartsWithoutAFailedRequestAndWithinTheBoundOfRevocation(String service) {
    try (Load load = new Load(service, 2)) {
      load.awaitMore(20);
      for (String replica : List.of(service + "-1", service + "-2")) {
        restart(replica);
        load.awaitMore(20);
      }
      load.close();

      System.out.printf(
          "rolling restart of %s: %d requests, %d failed, slowest revocation %.0f ms%n",
          service, load.answered.get(), load.failed.size(), load.slowestRevocation.get() / 1e6);
      assertThat(load.failed).isEmpty();
      assertThat(load.slowestRevocation.get()).isLessThan(BOUND.toNanos());
    }
  }

  private static void restart(String replica) {
    long before = stack.pid(replica);
    stack.signal(replica, "TERM");
    WholeStack.await(RESTART, () -> stack.pid(replica) != before && isReady(replica));
  }

  private static boolean isReady(String replica) {
    try {
      return stack.replica(replica).get("/q/health/ready").status() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  /** Clients that create, issue, ask, revoke and read, one request after the other. */
  private static final class Load implements AutoCloseable {
    final Queue<String> failed = new ConcurrentLinkedQueue<>();
    final AtomicInteger answered = new AtomicInteger();
    final AtomicLong slowestRevocation = new AtomicLong();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean running = true;

    Load(String name, int count) {
      for (int i = 0; i < count; i++) {
        String prefix = name + "-" + i + "-" + Long.toString(System.nanoTime(), 36) + "-";
        clients.add(Thread.ofPlatform().start(() -> run(prefix)));
      }
    }

    void awaitMore(int requests) {
      int goal = answered.get() + requests;
      WholeStack.await(RESTART, () -> answered.get() >= goal);
    }

    private void run(String prefix) {
      Api api = stack.api();
      for (int i = 0; running; i++) {
        try {
          live(api, prefix + i);
        } catch (UncheckedIOException | IllegalStateException e) {
          failed.add(e.toString());
        }
      }
    }

    private void live(Api api, String name) {
      JsonObject agent = new JsonObject().put("name", name).put("sponsorId", "user_jane");
      String id = counted(201, api.post("/v1/identities", agent)).text("id");
      JsonObject wanted =
          new JsonObject()
              .put("identityId", id)
              .put("scopes", new JsonArray().add("stripe:orders:read"));
      String token = counted(201, api.post("/v1/tokens", wanted)).text("accessToken");
      if (!isAllowed(api, token)) {
        failed.add("a good token was denied");
      }
      counted(200, api.get("/v1/audit?limit=5"));
      String jti = Jwt.claims(token).getString("jti");
      counted(204, api.post("/v1/tokens/revoke", new JsonObject().put("tokenId", jti)));
      long revoked = System.nanoTime();
      while (isAllowed(api, token) && System.nanoTime() - revoked < 10 * BOUND.toNanos()) {
        LockSupport.parkNanos(PAUSE.toNanos() / 10);
      }
      slowestRevocation.accumulateAndGet(System.nanoTime() - revoked, Math::max);
      // Steady, but not all that two cores can do: replicas must get up meanwhile.
      LockSupport.parkNanos(PAUSE.toNanos());
    }

    private boolean isAllowed(Api api, String token) {
      JsonObject question = new JsonObject().put("token", token).put("scope", "stripe:orders:read");
      return counted(200, api.post("/v1/authorize", question)).body().getBoolean("allowed");
    }

    private Answer counted(int wanted, Answer answer) {
      answered.incrementAndGet();
      return answer.expect(wanted);
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
}
