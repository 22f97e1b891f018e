package dev.relayauth.stack.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * First pages of the log under each of its filters, one request at a time, over millions of rows;
 * and how fast a day of them is exported, and in how much memory.
 */
final class AuditQueries {
  private static final int WARM_UP = 100;
  private static final int REQUESTS = 400;
  private static final int BUFFER = 64 * 1024;

  private final RunningStack stack;
  private final int count;
  private final String service;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String org;
  private final String key;

  AuditQueries(RunningStack stack, int count) {
    this.stack = stack;
    this.count = count;
    this.service = "http://127.0.0.1:" + stack.port("audit");
    JsonObject made = stack.organization("Audit query bench");
    this.org = made.getJsonObject("organization").getString("id");
    this.key = made.getString("key");
  }

  /** Measures, prints and returns the figures. */
  JsonObject run() throws IOException, InterruptedException {
    JsonObject report = new JsonObject().put("scenario", "audit-query").put("rows", count);
    try (AuditRowsOf rows = new AuditRowsOf(stack.jdbcUrl())) {
      long began = System.nanoTime();
      rows.fill(org, count);
      System.out.printf(
          Locale.ROOT, "%,d rows in %.0f s%n", count, (System.nanoTime() - began) / 1e9);
    }
    for (Map.Entry<String, IntFunction<String>> each : filters().entrySet()) {
      Latencies times = time(each.getValue());
      System.out.println(times.line(each.getKey()));
      report.put(each.getKey(), times.json());
    }
    export(report);
    return report;
  }

  /** What is asked for: values in turn, and those that hardly any record has. */
  private static Map<String, IntFunction<String>> filters() {
    String from = AuditRowsOf.firstDay() + "T";
    Map<String, IntFunction<String>> filters = new LinkedHashMap<>();
    filters.put("none", n -> "");
    filters.put("identityId", n -> "identityId=agent_" + n * 7919 % 5_000);
    filters.put("sponsorId", n -> "sponsorId=user_" + n * 7919 % 500);
    filters.put("tokenId", n -> "tokenId=tok_" + n * 7919 % 50_000);
    filters.put("sessionId", n -> "sessionId=sess_" + n * 7919 % 50_000);
    filters.put(
        "workspaceId", n -> n % 4 == 0 ? "workspaceId=ws_rare" : "workspaceId=ws_" + n % 50);
    filters.put("plane", n -> n % 4 == 0 ? "plane=rare" : "plane=plane-" + n % 20);
    filters.put("action", n -> n % 2 == 0 ? "action=role.rare" : "action=scope.checked");
    filters.put("result denied", n -> "result=denied");
    filters.put("result error", n -> "result=error");
    filters.put("result allowed", n -> "result=allowed");
    filters.put(
        "from, to",
        n -> "from=%s%02d:00:00Z&to=%s%02d:%02d:59Z".formatted(from, n % 24, from, n % 24, n % 60));
    filters.put("to", n -> "to=%s%02d:%02d:00Z".formatted(from, 1 + n % 23, n % 60));
    filters.put("agent, denied", n -> "result=denied&identityId=agent_" + n * 7919 % 5_000);
    filters.put(
        "agent, plane", n -> "plane=plane-" + n % 20 + "&identityId=agent_" + n * 7919 % 5_000);
    filters.put("nothing found", n -> "identityId=agent_none" + n);
    return filters;
  }

  private Latencies time(IntFunction<String> filter) throws IOException, InterruptedException {
    Latencies times = new Latencies();
    for (int n = 0; n < WARM_UP + REQUESTS; n++) {
      String path = "/v1/audit?limit=50&" + filter.apply(n);
      HttpRequest request = request(path).GET().build();
      long began = System.nanoTime();
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      long took = System.nanoTime() - began;
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(path + ": " + answer.statusCode() + answer.body());
      }
      if (n >= WARM_UP) {
        times.add(took);
      }
    }
    return times;
  }

  /** Of one day, in lines of JSON. */
  private void export(JsonObject report) throws IOException, InterruptedException {
    LocalDate day = AuditRowsOf.firstDay();
    JsonObject asked =
        new JsonObject()
            .put("format", "ndjson")
            .put("from", day + "T00:00:00Z")
            .put("to", day.plusDays(1) + "T00:00:00Z");
    for (String run : new String[] {"export, first", "export, again"}) {
      long memory = residentMegabytes();
      long began = System.nanoTime();
      long lines = lines(asked);
      double perSecond = lines / ((System.nanoTime() - began) / 1e9);
      long after = residentMegabytes();
      System.out.printf(
          Locale.ROOT,
          "%-16s %,10.0f rows/s (%,d rows; the service's memory went from %d to %d MB)%n",
          run,
          perSecond,
          lines,
          memory,
          after);
      report.put(
          run,
          new JsonObject()
              .put("perSecond", perSecond)
              .put("rows", lines)
              .put("megabytesBefore", memory)
              .put("megabytesAfter", after));
    }
  }

  private long lines(JsonObject asked) throws IOException, InterruptedException {
    HttpRequest request =
        request("/v1/audit/export").POST(BodyPublishers.ofString(asked.encode())).build();
    long lines = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream body = client.send(request, BodyHandlers.ofInputStream()).body()) {
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        for (int i = 0; i < read; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return lines;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(service + path))
        .header("x-api-key", key)
        .header("content-type", "application/json");
  }

  private long residentMegabytes() throws IOException {
    Path status = Path.of("/proc/" + stack.pids("audit").getFirst() + "/status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(0);
  }
}
