package dev.relayauth.stack.demo;

import dev.relayauth.stack.demo.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Measures how long after the answer to a revocation each service first denies the token. */
public final class RevocationStopwatch {
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final Map<String, Function<Api, Answer>> SERVICES = services();

  private final Api admin;
  private final String identityId;

  /** A stopwatch that issues tokens for {@code identityId}, which has no standing grants. */
  public RevocationStopwatch(Api admin, String identityId) {
    this.admin = admin;
    this.identityId = identityId;
  }

  /** Milliseconds from the 204 until the last service denied, sorted. */
  public record Times(double[] sortedMillis) {
    /** The value that a share of the revocations did not exceed. */
    public double quantile(double share) {
      int index = (int) Math.ceil(share * sortedMillis.length) - 1;
      return sortedMillis[Math.max(0, index)];
    }
  }

  /** Issues and revokes {@code count} tokens, one after the other. */
  public Times run(int count) {
    double[] millis = new double[count];
    try (ExecutorService pollers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        millis[i] = revokeOne(pollers);
      }
    }
    Arrays.sort(millis);
    return new Times(millis);
  }

  private double revokeOne(ExecutorService pollers) {
    JsonObject body =
        new JsonObject()
            .put("identityId", identityId)
            .put("scopes", new JsonArray().add("relayauth:*:read"));
    Answer issued = admin.post("/v1/tokens", body).expect(201);
    String token = issued.text("accessToken");
    Api bearer = admin.as(token);
    SERVICES.forEach((name, call) -> requireAllowed(name, call.apply(bearer)));
    admin.post("/v1/tokens/revoke", new JsonObject().put("tokenId", Tokens.id(token))).expect(204);
    long answered = System.nanoTime();
    List<Future<Long>> denials = new ArrayList<>();
    SERVICES.forEach(
        (name, call) -> denials.add(pollers.submit(() -> firstDenial(name, call, bearer))));
    long last = answered;
    for (Future<Long> denial : denials) {
      last = Math.max(last, await(denial));
    }
    return (last - answered) / 1e6;
  }

  /** The moment at which the answer arrived that first denied. */
  private static long firstDenial(String name, Function<Api, Answer> call, Api bearer) {
    long giveUp = System.nanoTime() + GIVE_UP_NANOS;
    while (System.nanoTime() < giveUp) {
      if (call.apply(bearer).status() == 401) {
        return System.nanoTime();
      }
      // Five clients that ask without a pause would measure themselves on two cores.
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new IllegalStateException(name + " still accepts a revoked token");
  }

  private static void requireAllowed(String name, Answer answer) {
    if (answer.status() != 200) {
      throw new IllegalStateException(name + " refused a good token: " + answer.body());
    }
  }

  private static long await(Future<Long> denial) {
    try {
      return denial.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Map<String, Function<Api, Answer>> services() {
    Map<String, Function<Api, Answer>> calls = new LinkedHashMap<>();
    calls.put("identity", api -> api.get("/v1/identities?limit=1"));
    calls.put("token", api -> api.get("/v1/tokens/introspect?token=x"));
    calls.put("policy", api -> api.get("/v1/scopes/templates"));
    calls.put("audit", api -> api.get("/v1/stats"));
    calls.put("revocation", api -> api.get("/v1/revocations?limit=1"));
    return calls;
  }
}
