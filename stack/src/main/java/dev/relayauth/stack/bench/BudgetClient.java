package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Api.Answer;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One client that does random things with the money of random agents, at random replicas. */
final class BudgetClient {
  static final String SCOPE = "stripe:orders:approve";
  private static final int LARGEST_CENTS = 30;
  private static final long PAUSE_NANOS = 100_000_000;

  private final List<Api> replicas;
  private final List<Agent> agents;
  private final Tally tally;
  private final Random random;

  BudgetClient(List<Api> replicas, List<Agent> agents, Tally tally, long seed) {
    this.replicas = List.copyOf(replicas);
    this.agents = List.copyOf(agents);
    this.tally = tally;
    this.random = new Random(seed);
  }

  /** An agent and its token. */
  record Agent(String id, String token) {}

  /**
   * What all clients know of what is spent, in cents.
   *
   * @param least when everything of unknown outcome went the one way
   * @param most when it went the other way
   */
  record Tally(
      AtomicLong least, AtomicLong most, AtomicLong done, AtomicLong refused, AtomicLong unknown) {
    Tally() {
      this(
          new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
    }

    private void certain(long cents) {
      least.addAndGet(cents);
      most.addAndGet(cents);
    }
  }

  /** Does one thing. */
  void turn() {
    Agent agent = agents.get(random.nextInt(agents.size()));
    int cents = 1 + random.nextInt(LARGEST_CENTS);
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> permit(agent, cents);
      case 3 -> spend(agent, cents);
      case 4, 5 -> reserve(agent, cents);
      default -> credit(agent, cents);
    }
  }

  private void permit(Agent agent, int cents) {
    JsonObject body =
        new JsonObject()
            .put("token", agent.token())
            .put("scope", SCOPE)
            .put("context", new JsonObject().put("cost", major(cents)));
    Answer answer = send("/v1/authorize", body);
    if (answer == null || answer.status() != 200) {
      tally.most.addAndGet(cents);
      return;
    }
    if (!answer.body().getBoolean("allowed")) {
      tally.refused.incrementAndGet();
      return;
    }
    tally.certain(cents);
    tally.done.incrementAndGet();
    String reservation = answer.body().getJsonObject("budget").getString("reservation");
    if (random.nextInt(3) == 0) {
      settle(agent, reservation, cents);
    }
  }

  /** Gives back a part of what a permit took. */
  private void settle(Agent agent, String reservation, int cents) {
    int kept = random.nextInt(cents + 1);
    Answer answer = send(path(agent, "/reservations/" + reservation + "/commit"), amount(kept));
    if (answer != null && answer.status() == 200) {
      tally.certain(kept - cents);
    } else if (isUnknown(answer)) {
      tally.least.addAndGet(kept - cents);
    }
  }

  /** The same key until the outcome is known: it counts once. */
  private void spend(Agent agent, int cents) {
    JsonObject body = amount(cents).put("idempotencyKey", UUID.randomUUID().toString());
    for (int attempt = 0; attempt < 20; attempt++) {
      Answer answer = send(path(agent, "/spend"), body);
      if (answer != null && answer.status() == 201) {
        tally.certain(cents);
        tally.done.incrementAndGet();
        return;
      }
      if (!isUnknown(answer)) {
        tally.refused.incrementAndGet();
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    tally.most.addAndGet(cents);
  }

  /** Commits a part, gives it back, or forgets it. */
  private void reserve(Agent agent, int cents) {
    Answer answer = send(path(agent, "/reservations"), amount(cents).put("ttl", "2s"));
    if (answer == null || answer.status() != 201) {
      return;
    }
    String id = path(agent, "/reservations/" + answer.text("id"));
    switch (random.nextInt(3)) {
      case 0 -> {
        int kept = random.nextInt(cents + 1);
        Answer committed = send(id + "/commit", amount(kept));
        if (committed != null && committed.status() == 200) {
          tally.certain(kept);
          tally.done.incrementAndGet();
        } else if (isUnknown(committed)) {
          tally.most.addAndGet(kept);
        }
      }
      case 1 -> send(id + "/void", new JsonObject());
      default -> {}
    }
  }

  private void credit(Agent agent, int cents) {
    Answer answer = send(path(agent, "/credit"), amount(cents));
    if (answer != null && answer.status() == 201) {
      tally.certain(-cents);
    } else if (isUnknown(answer)) {
      tally.least.addAndGet(-cents);
    }
  }

  private @Nullable Answer send(String path, JsonObject body) {
    try {
      Answer answer = replicas.get(random.nextInt(replicas.size())).post(path, body);
      if (isUnknown(answer)) {
        tally.unknown.incrementAndGet();
      }
      return answer;
    } catch (UncheckedIOException e) {
      tally.unknown.incrementAndGet();
      return null;
    }
  }

  private static boolean isUnknown(@Nullable Answer answer) {
    return answer == null || answer.status() >= 500;
  }

  private static String path(Agent agent, String rest) {
    return "/v1/budgets/" + agent.id() + rest;
  }

  private static JsonObject amount(int cents) {
    return new JsonObject().put("amount", major(cents));
  }

  static BigDecimal major(long cents) {
    return BigDecimal.valueOf(cents, 2);
  }
}
