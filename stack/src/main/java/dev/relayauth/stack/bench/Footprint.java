package dev.relayauth.stack.bench;

import dev.relayauth.stack.ServiceName;
import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * How many bytes of heap an identity, a policy and a revocation take in each service: what lives
 * there before and after many were made, by how many there are.
 */
final class Footprint {
  private static final int CLIENTS = 16;
  private static final int WARM_UP = 200;

  /** Longer than changes take to be everywhere. */
  private static final Duration ARRIVAL = Duration.ofSeconds(3);

  private final RunningStack stack;
  private final Api api;
  private final int count;
  private final String mark = Long.toString(System.currentTimeMillis(), 36);

  /**
   * @param count how many of each are made
   */
  Footprint(RunningStack stack, Api api, int count) {
    this.stack = stack;
    this.api = api;
    this.count = count;
  }

  /** Makes them, prints and returns the figures. */
  JsonObject run() throws IOException, InterruptedException {
    api.patch(
            "/v1/organizations/org_acme",
            new JsonObject().put("identityCreationsPerMinute", 10_000_000))
        .expect(200);
    JsonObject report = new JsonObject().put("scenario", "memory").put("count", count);
    System.out.printf("%-12s", "bytes each");
    for (ServiceName service : ServiceName.values()) {
      System.out.printf("%12s", service.slug());
    }
    System.out.println();
    report.put("identity", measure("identity", this::identity));
    report.put("policy", measure("policy", this::policy));
    String agent = identity(-1).expect(201).text("id");
    List<String> tokens = each(count + WARM_UP, n -> token(agent));
    report.put("revocation", measure("revocation", n -> revocation(tokens.get(n))));
    return report;
  }

  private JsonObject measure(String thing, IntFunction<Api.Answer> maker)
      throws IOException, InterruptedException {
    each(WARM_UP, n -> maker.apply(n).expect(201).text("id"));
    Map<ServiceName, Long> before = heaps();
    each(count, n -> maker.apply(WARM_UP + n).expect(201).text("id"));
    Map<ServiceName, Long> after = heaps();
    JsonObject bytes = new JsonObject();
    System.out.printf("%-12s", thing);
    for (ServiceName service : ServiceName.values()) {
      long each = (after.getOrDefault(service, 0L) - before.getOrDefault(service, 0L)) / count;
      bytes.put(service.slug(), each);
      System.out.printf(Locale.ROOT, "%12d", each);
    }
    System.out.println();
    return bytes;
  }

  private Map<ServiceName, Long> heaps() throws IOException, InterruptedException {
    Thread.sleep(ARRIVAL);
    Map<ServiceName, Long> heaps = new EnumMap<>(ServiceName.class);
    for (ServiceName service : ServiceName.values()) {
      heaps.put(service, HeapGauge.liveBytes(stack.pids(service.slug()).getFirst()));
    }
    return heaps;
  }

  private Api.Answer identity(int n) {
    JsonObject body = named("memory-agent", n).put("sponsorId", "user_jane");
    return api.post("/v1/identities", body.put("scopes", scopes("agent", n)));
  }

  private Api.Answer policy(int n) {
    JsonObject body = named("memory-policy", n).put("effect", "deny");
    return api.post("/v1/policies", body.put("scopes", scopes("policy", n)));
  }

  private Api.Answer revocation(String token) {
    return api.post("/v1/revocations", new JsonObject().put("type", "token").put("id", token));
  }

  private String token(String agent) {
    JsonObject body = new JsonObject().put("identityId", agent).put("scopes", scopes("agent", -1));
    return Tokens.id(api.post("/v1/tokens", body).expect(201).text("accessToken"));
  }

  private JsonObject named(String name, int n) {
    return new JsonObject().put("name", name + "-" + mark + (n < 0 ? "" : "-" + n));
  }

  private static JsonArray scopes(String resource, int n) {
    return new JsonArray().add("memory:" + resource + ":read:/" + Math.max(0, n) + "/*");
  }

  private static List<String> each(int number, IntFunction<String> maker)
      throws InterruptedException {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<String>> pending = new ArrayList<>();
      for (int i = 0; i < number; i++) {
        int n = i;
        pending.add(clients.submit(() -> maker.apply(n)));
      }
      List<String> made = new ArrayList<>();
      for (Future<String> each : pending) {
        made.add(each.get());
      }
      return made;
    } catch (ExecutionException e) {
      throw new IllegalStateException("one could not be made", e.getCause());
    }
  }
}
