package dev.relayauth.token.adapter.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.token.config.TokenConfig;
import dev.relayauth.token.domain.issuing.Remaining;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What identities have left of their budgets, at most a second old. Never blocks and never fails:
 * an identity that is asked about often is refreshed meanwhile, one that isn't costs its issue a
 * bounded wait, and what the policy service doesn't tell in time is unknown. While it is away
 * nobody waits for it. All who are asked about during one call go into the next.
 */
@Singleton
public final class BudgetSnapshots {
  private static final long REFRESHED_AFTER = Duration.ofMillis(400).toNanos();
  private static final long FRESH_FOR = Duration.ofSeconds(1).toNanos();
  private static final long QUIET_FOR = Duration.ofSeconds(1).toNanos();
  private static final int MAX_REMEMBERED = 50_000;
  private static final int MAX_ASKED = 500;
  private static final int MAX_WAITING = 10_000;

  private final InternalClient client;
  private final Duration wait;
  private final Cache<Spender, Seen> known =
      Caffeine.newBuilder()
          .maximumSize(MAX_REMEMBERED)
          .expireAfterWrite(Duration.ofSeconds(2))
          .build();
  private final Map<Spender, CompletableFuture<Remaining>> waiting = new LinkedHashMap<>();
  private boolean asking;
  private volatile boolean quiet;
  private volatile long quietSince;

  BudgetSnapshots(InternalClient client, TokenConfig config) {
    this.client = client;
    this.wait = config.budgetWait();
  }

  private record Spender(String orgId, String identityId) {}

  private record Seen(Remaining left, long nanos) {}

  private record Question(List<Spender> identities) {}

  private record Left(
      String orgId, String identityId, @Nullable BigDecimal cost, @Nullable Long actions) {}

  private record Answer(List<Left> remaining) {}

  /** What an identity that has a budget has left. */
  public CompletableFuture<Remaining> find(String org, String identityId) {
    Spender spender = new Spender(org, identityId);
    long now = System.nanoTime();
    Seen seen = known.getIfPresent(spender);
    if (seen != null && now - seen.nanos() <= REFRESHED_AFTER) {
      return CompletableFuture.completedFuture(seen.left());
    }
    CompletableFuture<Remaining> asked = isQuiet(now) ? unknown() : ask(spender);
    return seen != null && now - seen.nanos() <= FRESH_FOR
        ? CompletableFuture.completedFuture(seen.left())
        : inTime(asked);
  }

  private CompletableFuture<Remaining> inTime(CompletableFuture<Remaining> asked) {
    if (asked.isDone()) {
      return asked;
    }
    return asked
        .copy()
        .orTimeout(wait.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            late -> {
              hush();
              return Remaining.UNKNOWN;
            });
  }

  private static CompletableFuture<Remaining> unknown() {
    return CompletableFuture.completedFuture(Remaining.UNKNOWN);
  }

  private boolean isQuiet(long now) {
    return quiet && now - quietSince < QUIET_FOR;
  }

  private void hush() {
    quietSince = System.nanoTime();
    quiet = true;
  }

  private CompletableFuture<Remaining> ask(Spender spender) {
    CompletableFuture<Remaining> answer;
    List<Spender> batch;
    synchronized (waiting) {
      CompletableFuture<Remaining> before = waiting.get(spender);
      if (before != null) {
        return before;
      }
      if (waiting.size() >= MAX_WAITING) {
        return unknown();
      }
      answer = new CompletableFuture<>();
      waiting.put(spender, answer);
      batch = next();
    }
    send(batch);
    return answer;
  }

  /** Those to ask about now; none while a call is under way. */
  private List<Spender> next() {
    if (asking || waiting.isEmpty()) {
      return List.of();
    }
    asking = true;
    return waiting.keySet().stream().limit(MAX_ASKED).toList();
  }

  private void send(List<Spender> batch) {
    if (batch.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    CompletableFuture.completedFuture(new Question(batch))
        .thenCompose(question -> client.post("policy", "/internal/v1/budgets/remaining", question))
        .thenApply(BudgetSnapshots::read)
        .whenComplete((left, failure) -> conclude(batch, left, now));
  }

  private static Map<Spender, Remaining> read(InternalClient.Reply reply) {
    if (!reply.isSuccess()) {
      throw new ServiceUnavailableException("policy answered " + reply.status());
    }
    Map<Spender, Remaining> left = new HashMap<>();
    for (Left one : Json.read(reply.body(), Answer.class).remaining()) {
      left.put(
          new Spender(one.orgId(), one.identityId()), new Remaining(one.cost(), one.actions()));
    }
    return left;
  }

  private void conclude(List<Spender> batch, @Nullable Map<Spender, Remaining> left, long asked) {
    if (left == null) {
      hush();
    } else {
      quiet = false;
      for (Spender spender : batch) {
        known.put(spender, new Seen(left.getOrDefault(spender, Remaining.UNKNOWN), asked));
      }
    }
    List<CompletableFuture<Remaining>> answered = new ArrayList<>();
    List<Spender> more;
    synchronized (waiting) {
      batch.forEach(spender -> answered.add(waiting.remove(spender)));
      asking = false;
      more = next();
    }
    for (int at = 0; at < batch.size(); at++) {
      Remaining one = left == null ? null : left.get(batch.get(at));
      answered.get(at).complete(one == null ? Remaining.UNKNOWN : one);
    }
    send(more);
  }
}
