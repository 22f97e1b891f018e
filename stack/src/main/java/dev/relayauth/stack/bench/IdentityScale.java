package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How the identity service's answers change from a thousand identities to a million: the same
 * requests, one at a time, over HTTP, against rows that SQL has put there; then one suspension over
 * a tree of ten thousand agents, and what the policy service pays in memory for each.
 */
final class IdentityScale {
  private static final int FEW = 1_000;
  private static final int TREE = 10_000;
  private static final int WARM_UP = 300;
  private static final int REQUESTS = 1_000;

  private final RunningStack stack;
  private final String service;
  private final Api platform;
  private final String jdbcUrl;
  private final int many;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  IdentityScale(RunningStack stack, int many) {
    this.stack = stack;
    this.service = "http://127.0.0.1:" + stack.port("identity");
    this.platform = new Api(service, stack.credentials().getString("platformKey"));
    this.jdbcUrl = stack.jdbcUrl();
    this.many = many;
  }

  private record Org(String id, String key) {}

  private record Quantiles(double p50, double p99) {}

  /** Measures, prints and returns the figures. */
  JsonObject run() throws IOException, InterruptedException {
    JsonObject report = new JsonObject().put("scenario", "identities").put("identities", many);
    try (IdentityRowsOf rows = new IdentityRowsOf(jdbcUrl)) {
      Org small = found("a thousand");
      rows.fill(small.id(), FEW);
      Org large = found("many");
      Map<String, Quantiles> few = measure(small, FEW);
      long began = System.nanoTime();
      rows.fill(large.id(), many);
      System.out.printf(
          Locale.ROOT, "%d identities in %.0f s%n", many, (System.nanoTime() - began) / 1e9);
      Map<String, Quantiles> lots = measure(large, many);
      print(report, few, lots);
      for (int repeat = 1; repeat <= 3; repeat++) {
        cascade(report, rows, large, rows.tree(large.id(), TREE, repeat), repeat);
      }
      report.put("sequentialScans", explain(rows, large));
      memory(report, large);
    }
    return report;
  }

  /** What the services that hold identities in memory pay for each. */
  private void memory(JsonObject report, Org org) throws IOException, InterruptedException {
    double bytes = new ProjectionMemory(stack).bytesEach("policy", org.id(), many);
    System.out.printf(Locale.ROOT, "the policy service holds one in %.0f bytes%n", bytes);
    report.put("policyBytesEach", bytes);
  }

  private Org found(String name) {
    Api.Answer made =
        platform
            .post(
                "/v1/organizations",
                new JsonObject().put("name", name).put("identityCreationsPerMinute", 10_000_000))
            .expect(201);
    String id = made.body().getJsonObject("organization").getString("id");
    String key = made.text("key");
    new Api(service, key)
        .post("/v1/sponsors", new JsonObject().put("id", "user_bench").put("name", "Bench"))
        .expect(201);
    return new Org(id, key);
  }

  private Map<String, Quantiles> measure(Org org, int count)
      throws IOException, InterruptedException {
    Map<String, Quantiles> result = new TreeMap<>();
    String list = "/v1/identities?limit=50";
    String run = Long.toString(System.nanoTime(), 36);
    result.put(
        "create",
        time(org, "POST", n -> "/v1/identities", n -> draft("new-" + run + "-" + n), 201));
    result.put(
        "get",
        time(
            org,
            "GET",
            n -> "/v1/identities/" + IdentityRowsOf.id(org.id(), 1 + (n * 7919L) % count),
            n -> null,
            200));
    result.put("list", time(org, "GET", n -> list, n -> null, 200));
    result.put("list by status", time(org, "GET", n -> list + "&status=active", n -> null, 200));
    result.put(
        "list by sponsor", time(org, "GET", n -> list + "&sponsorId=user_bench", n -> null, 200));
    result.put(
        "list by name",
        time(org, "GET", n -> list + "&name=bot-" + (1 + (n * 31L) % count), n -> null, 200));
    String deep = IdentityRowsOf.id(org.id(), count / 2);
    result.put("list under one", time(org, "GET", n -> subAgents(deep), n -> null, 200));
    return result;
  }

  private static String subAgents(String id) {
    return "/v1/identities/" + id + "/sub-agents?limit=50";
  }

  private static String draft(String name) {
    return "{\"name\":\"%s\",\"sponsorId\":\"user_bench\",\"scopes\":[\"stripe:orders:read\"]}"
        .formatted(name);
  }

  private Quantiles time(
      Org org,
      String method,
      IntFunction<String> path,
      IntFunction<@Nullable String> body,
      int status)
      throws IOException, InterruptedException {
    double[] millis = new double[REQUESTS];
    for (int n = -WARM_UP; n < REQUESTS; n++) {
      int number = n + WARM_UP;
      long began = System.nanoTime();
      HttpResponse<String> answer = send(org, method, path.apply(number), body.apply(number));
      if (answer.statusCode() != status) {
        throw new IllegalStateException(method + ": " + answer.statusCode() + answer.body());
      }
      if (n >= 0) {
        millis[n] = (System.nanoTime() - began) / 1e6;
      }
    }
    Arrays.sort(millis);
    return new Quantiles(millis[REQUESTS / 2], millis[REQUESTS * 99 / 100]);
  }

  private HttpResponse<String> send(Org org, String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service + path))
            .header("x-api-key", org.key())
            .header("content-type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private void print(JsonObject report, Map<String, Quantiles> few, Map<String, Quantiles> lots) {
    System.out.printf("%-18s %26s %26s %8s%n", "", "at " + FEW, "at " + many, "p99 ×");
    few.forEach(
        (name, before) -> {
          Quantiles after = lots.getOrDefault(name, before);
          System.out.printf(
              Locale.ROOT,
              "%-18s p50 %7.2f p99 %7.2f ms p50 %7.2f p99 %7.2f ms %8.2f%n",
              name,
              before.p50(),
              before.p99(),
              after.p50(),
              after.p99(),
              after.p99() / before.p99());
          report.put(
              name,
              new JsonObject()
                  .put("p50MillisFew", before.p50())
                  .put("p99MillisFew", before.p99())
                  .put("p50MillisMany", after.p50())
                  .put("p99MillisMany", after.p99()));
        });
  }

  private void cascade(JsonObject report, IdentityRowsOf rows, Org org, String root, int repeat)
      throws IOException, InterruptedException {
    for (String verb : List.of("suspend", "reactivate")) {
      rows.awaitPublished();
      long began = System.nanoTime();
      HttpResponse<String> answer =
          send(org, "POST", "/v1/identities/" + root + "/" + verb, "{\"reason\":\"bench\"}");
      double millis = (System.nanoTime() - began) / 1e6;
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(verb + ": " + answer.statusCode() + answer.body());
      }
      System.out.printf(Locale.ROOT, "%s a tree of %d: %.0f ms%n", verb, TREE, millis);
      report.put(verb + "Millis" + repeat, millis);
    }
  }

  /** The plans of the queries behind the routes; those that read the whole table are named. */
  private static int explain(IdentityRowsOf rows, Org org) {
    List<String> sequential = new ArrayList<>();
    for (String where :
        List.of(
            "status <> 'deleted'",
            "status = 'active'",
            "type = 'agent' and status <> 'deleted'",
            "sponsor_id = 'user_bench' and status <> 'deleted'",
            "workspace_id = 'ws_none' and status <> 'deleted'",
            "name ~>=~ 'bot-77' and name ~<~ 'bot-78' and status <> 'deleted'",
            "sponsor_chain @> array['" + IdentityRowsOf.id(org.id(), 5) + "']",
            "roles @> array['role_none'] and roles <> '{}'")) {
      String plan = rows.plan(org.id(), where);
      if (plan.contains("Seq Scan on identity")) {
        sequential.add(where);
      }
    }
    System.out.println(
        sequential.isEmpty() ? "every query uses an index" : "WITHOUT AN INDEX: " + sequential);
    return sequential.size();
  }
}
