package dev.relayauth.stack.demo;

import dev.relayauth.stack.demo.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Measures how long after the answer to a revocation each service first denies the token. */
public final class RevocationStopwatch {
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** A read of each service by its name; all take {@code relayauth:*:read}. */
  public static final Map<String, String> ROUTES =
      Map.of(
          "identity", "/v1/identities?limit=1",
          "token", "/v1/tokens/introspect?token=x",
          "policy", "/v1/scopes/templates",
          "audit", "/v1/audit?limit=1",
          "revocation", "/v1/revocations?limit=1");

  private final Api admin;
  private final String identityId;

  /** A stopwatch that issues tokens for {@code identityId}, which has no standing grants. */
  public RevocationStopwatch(Api admin, String identityId) {
    this.admin = admin;
    this.identityId = identityId;
  }

  /**
   * Milliseconds from the 204 until the last service denied, sorted.
   *
   * @param medians of each service alone
   */
  public record Times(double[] sortedMillis, Map<String, Double> medians) {
    /** The value that a share of the revocations did not exceed. */
    public double quantile(double share) {
      int index = (int) Math.ceil(share * sortedMillis.length) - 1;
      return sortedMillis[Math.max(0, index)];
    }
  }

  /** Issues and revokes {@code count} tokens, one after the other. */
  public Times run(int count) {
    double[] millis = new double[count];
    Map<String, double[]> byService = new TreeMap<>();
    ROUTES.keySet().forEach(name -> byService.put(name, new double[count]));
    try (ExecutorService pollers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        Map<String, Double> denials = revokeOne(pollers);
        int at = i;
        byService.forEach((name, all) -> all[at] = denials.getOrDefault(name, Double.NaN));
        millis[i] = Collections.max(denials.values());
      }
    }
    Arrays.sort(millis);
    Map<String, Double> medians = new TreeMap<>();
    byService.forEach((name, after) -> medians.put(name, Math.round(10 * median(after)) / 10.0));
    return new Times(millis, medians);
  }

  private static double median(double[] millis) {
    Arrays.sort(millis);
    return millis[millis.length / 2];
  }

  private Map<String, Double> revokeOne(ExecutorService pollers) {
    JsonObject body =
        new JsonObject()
            .put("identityId", identityId)
            .put("scopes", new JsonArray().add("relayauth:*:read"));
    Answer issued = admin.post("/v1/tokens", body).expect(201);
    String token = issued.text("accessToken");
    Api bearer = admin.as(token);
    ROUTES.forEach((name, route) -> requireAllowed(name, bearer.get(route)));
    admin.post("/v1/tokens/revoke", new JsonObject().put("tokenId", Tokens.id(token))).expect(204);
    long answered = System.nanoTime();
    Map<String, Future<Long>> denials = new TreeMap<>();
    ROUTES.forEach(
        (name, route) -> denials.put(name, pollers.submit(() -> firstDenial(name, route, bearer))));
    Map<String, Double> after = new TreeMap<>();
    denials.forEach((name, denial) -> after.put(name, (await(denial) - answered) / 1e6));
    return after;
  }

  /** The moment at which the answer arrived that first denied. */
  private static long firstDenial(String name, String route, Api bearer) {
    long giveUp = System.nanoTime() + GIVE_UP_NANOS;
    while (System.nanoTime() < giveUp) {
      if (bearer.get(route).status() == 401) {
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
}
