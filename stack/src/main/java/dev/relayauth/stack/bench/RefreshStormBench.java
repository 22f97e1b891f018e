package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that refresh as fast as they can and lose answers: some ask again, some had asked twice
 * at once. None of their families may die, and each of those must whose stolen token comes back.
 */
final class RefreshStormBench {
  private static final int CLIENTS = 64;
  private static final long SECONDS = 10;
  private static final int UNAVAILABLE = 503;
  private static final int MAX_TRIES = 100;
  private static final long PAUSE_NANOS = 50_000_000;
  private static final String ROUTE = "/v1/tokens/refresh";

  private final Api api;
  private final Api issuer;
  private final String identity;
  private final AtomicInteger refreshes = new AtomicInteger();
  private final AtomicInteger repeats = new AtomicInteger();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  /**
   * @param issuer the token service, where nothing waits behind anything else
   * @param identity whose tokens they are
   */
  RefreshStormBench(Api issuer, String identity) {
    this.issuer = issuer;
    // Nobody presents a credential to refresh.
    this.api = issuer.as("none");
    this.identity = identity;
  }

  /** Runs it, prints what was seen and returns it. */
  JsonObject run() throws InterruptedException {
    List<Boolean> replays;
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      all(clients, () -> storm(clients));
      replays = all(clients, this::isKilledByAReplay);
    }
    long killed = replays.stream().filter(Boolean::booleanValue).count();
    System.out.printf(
        Locale.ROOT,
        "%-20s %10.0f   refreshes/s by %d clients, %d answers lost and asked for again,"
            + " %d times 503, %d families killed; of %d planted replays %d killed theirs%n",
        "refresh storm",
        (double) refreshes.get() / SECONDS,
        CLIENTS,
        repeats.get(),
        unavailable.get(),
        failures.size(),
        CLIENTS,
        killed);
    failures.stream().limit(5).forEach(failure -> System.out.println("  " + failure));
    return new JsonObject()
        .put("scenario", "refresh storm")
        .put("perSecond", (double) refreshes.get() / SECONDS)
        .put("repeats", repeats.get())
        .put("unavailable", unavailable.get())
        .put("familiesKilled", failures.size())
        .put("replays", CLIENTS)
        .put("replaysThatKilled", killed);
  }

  private static <T> List<T> all(ExecutorService clients, Callable<T> work)
      throws InterruptedException {
    List<Future<T>> pending = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      pending.add(clients.submit(work));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> one : pending) {
      results.add(get(one));
    }
    return results;
  }

  private static <T> T get(Future<T> pending) throws InterruptedException {
    try {
      return pending.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** One client; ends early when its family is dead. */
  private boolean storm(ExecutorService clients) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    String token = issue();
    while (System.nanoTime() < end) {
      Api.Answer answer =
          switch (ThreadLocalRandom.current().nextInt(3)) {
            case 0 -> lost(token);
            case 1 -> twice(clients, token);
            default -> refresh(token);
          };
      if (answer.status() != 200) {
        failures.add(answer.status() + " " + answer.body());
        return false;
      }
      token = answer.text("refreshToken");
    }
    return true;
  }

  private Api.Answer lost(String token) {
    Api.Answer first = refresh(token);
    return same(first, refresh(token));
  }

  private Api.Answer twice(ExecutorService clients, String token) throws InterruptedException {
    Future<Api.Answer> other = clients.submit(() -> refresh(token));
    Api.Answer first = refresh(token);
    return same(first, get(other));
  }

  private Api.Answer same(Api.Answer first, Api.Answer again) {
    repeats.incrementAndGet();
    if (first.status() == 200 && !first.text("refreshToken").equals(again.text("refreshToken"))) {
      failures.add("a retry got another successor: " + again.status());
    }
    return again;
  }

  /** Asks again for as long as the service says that it is behind: that is no refusal. */
  private Api.Answer refresh(String token) {
    refreshes.incrementAndGet();
    JsonObject body = new JsonObject().put("refreshToken", token);
    Api.Answer answer = api.post(ROUTE, body);
    for (int tries = 0; answer.status() == UNAVAILABLE && tries < MAX_TRIES; tries++) {
      unavailable.incrementAndGet();
      LockSupport.parkNanos(PAUSE_NANOS);
      answer = api.post(ROUTE, body);
    }
    return answer;
  }

  private boolean isKilledByAReplay() {
    String stolen = issue();
    String second = refresh(stolen).expect(200).text("refreshToken");
    String third = refresh(second).expect(200).text("refreshToken");
    return refresh(stolen).status() == 401 && refresh(third).status() == 401;
  }

  private String issue() {
    JsonObject wanted =
        new JsonObject()
            .put("identityId", identity)
            .put("scopes", new JsonArray().add("stripe:orders:read"));
    return issuer.post("/v1/tokens", wanted).expect(201).text("refreshToken");
  }
}
