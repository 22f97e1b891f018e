package dev.relayauth.stack.bench;

import dev.relayauth.stack.bench.RevocationVictim.Held;
import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Revocations at a steady rate that nobody times, of all kinds: by turns of tokens, sessions,
 * identities, sponsors and workspaces, and now and then of an organisation and of a signing key.
 */
final class RevocationLoad implements AutoCloseable {
  private static final List<String> KINDS =
      List.of("token", "session", "identity", "sponsor", "workspace");
  private static final int SELDOM = 50;

  private final String name;
  private final Api platform;
  private final String kid;
  private final List<Order> common = new ArrayList<>();
  private final Queue<RevocationVictim> organizations;
  private final AtomicInteger number = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Latencies answers = new Latencies();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private long began;

  private record Order(Api owner, JsonObject body) {}

  /**
   * A load that has not begun.
   *
   * @param name what its rate is printed with
   * @param organizations whom an organisation is taken from, once each
   * @param kid a key that is revoked already
   */
  RevocationLoad(
      String name,
      Api platform,
      String kid,
      List<RevocationVictim> victims,
      List<RevocationVictim> organizations) {
    this.name = name;
    this.platform = platform;
    this.kid = kid;
    this.organizations = new ConcurrentLinkedQueue<>(new ArrayDeque<>(organizations));
    for (RevocationVictim victim : victims) {
      Held held = victim.issue();
      KINDS.forEach(kind -> common.add(order(victim, kind, held)));
    }
  }

  private static Order order(RevocationVictim victim, String kind, Held held) {
    return new Order(victim.owner(), body(kind, victim.target(kind, held)));
  }

  private static JsonObject body(String kind, String id) {
    return new JsonObject().put("type", kind).put("id", id);
  }

  void start(int perSecond) {
    began = System.nanoTime();
    long every = TimeUnit.SECONDS.toMicros(1) / perSecond;
    clock.scheduleAtFixedRate(() -> clients.execute(this::next), 0, every, TimeUnit.MICROSECONDS);
  }

  private void next() {
    int turn = number.getAndIncrement();
    Order order = pick(turn);
    long asked = System.nanoTime();
    if (isDone(order)) {
      answers.add(System.nanoTime() - asked);
      done.incrementAndGet();
    } else {
      refused.incrementAndGet();
    }
  }

  private static boolean isDone(Order order) {
    try {
      return order.owner().post("/v1/revocations", order.body()).status() == 201;
    } catch (UncheckedIOException e) {
      // No answer in time; others go on.
      return false;
    }
  }

  private Order pick(int turn) {
    if (turn % SELDOM == 1) {
      return new Order(platform, body("key", kid));
    }
    RevocationVictim organization = turn % SELDOM == 2 ? organizations.poll() : null;
    return organization == null
        ? common.get(turn % common.size())
        : new Order(organization.owner(), body("organization", organization.org()));
  }

  @Override
  public void close() throws InterruptedException {
    clock.shutdownNow();
    double seconds = (System.nanoTime() - began) / 1e9;
    clients.shutdown();
    clients.awaitTermination(5, TimeUnit.SECONDS);
    System.out.printf(
        "%.1f revocations/s for %.1f s %s, %d refused%n",
        done.get() / seconds, seconds, name, refused.get());
    System.out.println(answers.line("answered in"));
  }
}
