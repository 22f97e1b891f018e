package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Restarts the replicas of a service, one after the other, while clients go on: what an update
 * does. A replica is told to end by SIGTERM and nothing else; the stack starts it again.
 */
public final class RollingRestart {
  private static final int CLIENTS = 2;
  private static final int BETWEEN = 20;
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Path state;
  private final Api api;

  /** Restarts of the stack that runs in {@code state}, with {@code api} as its admin. */
  public RollingRestart(Path state, Api api) {
    this.state = state;
    this.api = api;
  }

  /**
   * What the clients saw.
   *
   * @param failures the first of them; none when the restart went unseen
   * @param lastAllowedMillis how long after a revoke's answer a question was asked at most that was
   *     allowed all the same
   */
  public record Outcome(
      String service,
      int replicas,
      int answered,
      int failed,
      List<String> failures,
      double lastAllowedMillis) {
    /** Copies the failures. */
    public Outcome {
      failures = List.copyOf(failures);
    }

    JsonObject json() {
      return new JsonObject()
          .put("scenario", "rolling-restart")
          .put("service", service)
          .put("replicas", replicas)
          .put("answered", answered)
          .put("failed", failed)
          .put("failures", new JsonArray(failures))
          .put("lastAllowedMillis", lastAllowedMillis);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-12s %d replicas restarted, %6d requests answered, %d failed, last permit %.0f ms after"
              + " a revoke",
          service,
          replicas,
          answered,
          failed,
          lastAllowedMillis);
    }
  }

  /**
   * Restarts every replica of a service.
   *
   * @throws IllegalStateException when it has one alone, or a replica doesn't come back
   */
  public Outcome of(String service) throws IOException {
    api.patch(
            "/v1/organizations/org_acme",
            new JsonObject().put("identityCreationsPerMinute", 100_000))
        .expect(200);
    List<String> replicas = RunningStack.of(state).names(service);
    if (replicas.size() < 2) {
      throw new IllegalStateException(
          "one replica of " + service + ": up --replicas " + service + "=2");
    }
    await(
        "stack that is all ready",
        () -> running().verifiers().keySet().stream().allMatch(this::isReady));
    SteadyClients clients = new SteadyClients(api, CLIENTS);
    try (clients) {
      awaitMore(clients);
      for (String replica : replicas) {
        restart(replica);
        awaitMore(clients);
      }
    }
    return new Outcome(
        service,
        replicas.size(),
        clients.answered(),
        clients.failed(),
        clients.failures(),
        clients.lastAllowedNanos() / 1e6);
  }

  private static void awaitMore(SteadyClients clients) {
    int goal = clients.answered() + BETWEEN;
    await("requests", () -> clients.answered() + clients.failed() >= goal);
  }

  private void restart(String replica) {
    long before = pid(replica);
    ProcessHandle.of(before).ifPresent(ProcessHandle::destroy);
    await(replica, () -> pid(replica) != before && isReady(replica));
  }

  private long pid(String replica) {
    return running().process(replica).getLong("pid");
  }

  private boolean isReady(String replica) {
    int port = running().process(replica).getInteger("port");
    try {
      URI ready = URI.create("http://127.0.0.1:" + port + "/q/health/ready");
      HttpURLConnection connection = (HttpURLConnection) ready.toURL().openConnection();
      connection.setReadTimeout(1_000);
      int status = connection.getResponseCode();
      connection.disconnect();
      return status == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private RunningStack running() {
    try {
      return RunningStack.of(state);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > giveUp) {
        throw new IllegalStateException("no " + what + " within " + LIMIT);
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
