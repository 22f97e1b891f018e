package dev.relayauth.stack.bench;

import dev.relayauth.stack.bench.LoadGenerator.Result;
import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.RevocationStopwatch;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Measures the running stack and prints a table; the figures go to {@code bench.json} as well. */
public final class Bench {
  private static final int TOKENS = 10_000;
  private static final int BATCH = 100;
  private static final int ISSUERS = 16;
  private static final int REVOCATIONS = 100;
  private static final int STREAMS = 100;
  private static final int AUDIT_RECORDS = 100_000;
  private static final double WARM_UP_SECONDS = 4;
  private static final double SECONDS = 8;
  private static final Set<String> SCENARIOS =
      Set.of("authorize", "issue", "introspect", "revoke", "audit", "budget");

  /** Only when asked for: it leaves a database behind that nobody wants to go on with. */
  private static final String IDENTITIES = "identities";

  /** Only when asked for: it kills parts of the stack. */
  private static final String BUDGET_MODEL = "budget-model";

  private final Path state;
  private final RunningStack stack;
  private final Api api;
  private final Vertx vertx = Vertx.vertx();
  private final LoadGenerator generator = new LoadGenerator(vertx);
  private final JsonArray rows = new JsonArray();

  private Bench(Path state) throws IOException {
    this.state = state;
    this.stack = RunningStack.of(state);
    this.api =
        new Api(
            stack.credentials().getString("baseUrl"), stack.credentials().getString("adminApiKey"));
  }

  /** Runs the scenarios named after {@code --state DIR}, or all of them. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> words = Arrays.asList(arguments);
    int at = words.indexOf("--state");
    Path state = Path.of(at >= 0 ? words.get(at + 1) : ".relayauth");
    Set<String> asked = new java.util.TreeSet<>(words);
    asked.retainAll(SCENARIOS);
    try {
      if (words.contains(BUDGET_MODEL)) {
        System.exit(new Bench(state).budgetModel(words) ? 0 : 1);
      }
      if (words.contains(IDENTITIES)) {
        new Bench(state).identities(words);
        System.exit(0);
      }
      new Bench(state).run(asked.isEmpty() ? SCENARIOS : asked);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    System.exit(0);
  }

  private void run(Set<String> scenarios) throws IOException, InterruptedException {
    String identity = newIdentity();
    List<String> tokens = scenarios.isEmpty() ? List.of() : tokens(identity);
    String key = stack.credentials().getString("adminApiKey");
    System.out.println(
        "scenario             requests/s    p50 ms    p99 ms  CPU ms/request  share of echo");
    try (EchoProcess echo = EchoProcess.start()) {
      if (scenarios.contains("authorize")) {
        authorize(echo, identity, tokens, key);
      }
      if (scenarios.contains("issue")) {
        beside(
            echo,
            new Load(
                "issue",
                stack.port("token"),
                "POST",
                "/v1/tokens",
                key,
                n ->
                    "{\"identityId\":\"%s\",\"scopes\":[\"stripe:orders:read\"]}"
                        .formatted(identity),
                201,
                0),
            "token");
      }
      if (scenarios.contains("introspect")) {
        beside(
            echo,
            new Load(
                "introspect",
                stack.port("token"),
                "POST",
                "/v1/tokens/validate",
                key,
                n -> "{\"token\":\"%s\"}".formatted(tokens.get(n % tokens.size())),
                200,
                0),
            "token");
      }
    }
    if (scenarios.contains("budget")) {
      budget();
    }
    if (scenarios.contains("revoke")) {
      revoke(identity);
      revokeUnderLoad();
    }
    if (scenarios.contains("audit")) {
      audit();
    }
    write();
  }

  /** {@code budget-model [SECONDS]}: whether every rule of the ledger held. */
  private boolean budgetModel(List<String> words) throws IOException, InterruptedException {
    int seconds =
        words.stream()
            .filter(word -> word.matches("[1-9][0-9]{0,3}"))
            .mapToInt(Integer::parseInt)
            .findFirst()
            .orElse(120);
    JsonObject report =
        new BudgetModel(state).run(Duration.ofSeconds(seconds), System.currentTimeMillis());
    rows.add(report.put("scenario", "budget-model"));
    write();
    return report.getJsonArray("faults").isEmpty();
  }

  /** {@code identities [COUNT]}: as a thousand, then as a million, or as many as are asked for. */
  private void identities(List<String> words) throws IOException, InterruptedException {
    int count =
        words.stream()
            .filter(word -> word.matches("[1-9][0-9]{3,7}"))
            .mapToInt(Integer::parseInt)
            .findFirst()
            .orElse(1_000_000);
    rows.add(new IdentityScale(stack, count).run());
    write();
  }

  /** Each token once, then in rotation, then a hundred questions a request. */
  private void authorize(EchoProcess echo, String identity, List<String> tokens, String key)
      throws InterruptedException {
    Load warmUp = authorize("warm-up", "/v1/authorize", key, n -> question("identityId", identity));
    generator.run(warmUp, stack.pids("policy"), WARM_UP_SECONDS, 0);
    Load rotation =
        authorize(
            "authorize",
            "/v1/authorize",
            key,
            n -> question("token", tokens.get(n % tokens.size())));
    print(generator.run(rotation.named("  first sight"), stack.pids("policy"), 0, 1), 0);
    beside(echo, rotation, "policy");
    Result batches =
        generator.run(
            authorize(
                "authorize, batches",
                "/v1/authorize/batch",
                key,
                n ->
                    IntStream.range(0, BATCH)
                        .mapToObj(i -> question("identityId", identity))
                        .collect(Collectors.joining(",", "{\"requests\":[", "]}"))),
            stack.pids("policy"),
            WARM_UP_SECONDS,
            SECONDS);
    print(batches, 0);
    System.out.printf(Locale.ROOT, "  decisions in batches %,.0f/s%n", batches.perSecond() * BATCH);
  }

  private Load authorize(String name, String path, String key, IntFunction<@Nullable String> body) {
    return new Load(name, stack.port("policy"), "POST", path, key, body, 200, 0);
  }

  private static String question(String member, String value) {
    return "{\"%s\":\"%s\",\"scope\":\"stripe:orders:read\"}".formatted(member, value);
  }

  private void beside(EchoProcess echo, Load load, String service) throws InterruptedException {
    Result ours = generator.run(load, stack.pids(service), WARM_UP_SECONDS, SECONDS);
    Load bare =
        new Load(
            "  bare echo",
            echo.port(),
            load.method(),
            load.path(),
            load.credential(),
            load.body(),
            200,
            ours.answerBytes());
    Result yardstick = generator.run(bare, echo.pids(), WARM_UP_SECONDS, SECONDS);
    print(ours, ours.perSecond() / yardstick.perSecond());
    print(yardstick, 1);
  }

  /** The last column is the share of the first line's throughput. */
  private void budget() throws InterruptedException {
    double plain = 0;
    for (Load load : new BudgetLoads(api, stack.credentials(), stack.port("policy")).all()) {
      Result result = generator.run(load, stack.pids("policy"), WARM_UP_SECONDS, SECONDS);
      plain = plain == 0 ? result.perSecond() : plain;
      print(result, result.perSecond() / plain);
    }
  }

  private void print(Result result, double share) {
    System.out.printf(
        Locale.ROOT,
        "%-20s %10.0f %9.2f %9.2f %15.3f %14.2f%n",
        result.name(),
        result.perSecond(),
        result.p50Millis(),
        result.p99Millis(),
        result.cpuMillisPerRequest(),
        share);
    rows.add(
        new JsonObject()
            .put("scenario", result.name().strip())
            .put("perSecond", result.perSecond())
            .put("p50Millis", result.p50Millis())
            .put("p99Millis", result.p99Millis())
            .put("cpuMillisPerRequest", result.cpuMillisPerRequest())
            .put("shareOfEcho", share)
            .put("requests", result.requests()));
  }

  private void revoke(String identity) {
    RevocationStopwatch.Times times = new RevocationStopwatch(api, identity).run(REVOCATIONS);
    System.out.printf(
        Locale.ROOT,
        "%-20s %10s %9.2f %9.2f   max %.2f ms, from the 204 until all five services denied%n",
        "revoke-to-deny",
        "",
        times.quantile(0.5),
        times.quantile(0.99),
        times.quantile(1));
    rows.add(
        new JsonObject()
            .put("scenario", "revoke-to-deny")
            .put("p50Millis", times.quantile(0.5))
            .put("p99Millis", times.quantile(0.99))
            .put("maxMillis", times.quantile(1))
            .put("p50MillisByService", new JsonObject(new LinkedHashMap<>(times.medians()))));
  }

  private void revokeUnderLoad() throws InterruptedException {
    EventSubscribers subscribers = new EventSubscribers();
    String key = stack.credentials().getString("adminApiKey");
    subscribers.open(vertx, stack.port("gateway"), key, STREAMS);
    rows.add(new RevokeBench(api, stack.verifiers(), subscribers).run(REVOCATIONS, REVOCATIONS));
  }

  private void audit() throws InterruptedException {
    AuditIngest ingest =
        new AuditIngest(
            "127.0.0.1:" + stack.port("kafka"), api, stack.credentials().getString("orgId"));
    double perSecond = ingest.run(AUDIT_RECORDS);
    System.out.printf(
        Locale.ROOT,
        "%-20s %10.0f   records/s until the last of %d is queryable%n",
        "audit ingest",
        perSecond,
        AUDIT_RECORDS);
    rows.add(new JsonObject().put("scenario", "audit-ingest").put("perSecond", perSecond));
  }

  private String newIdentity() {
    JsonObject body =
        new JsonObject()
            .put("name", "bench-" + Long.toString(System.currentTimeMillis(), 36))
            .put("sponsorId", stack.credentials().getString("sponsorId"))
            .put("scopes", new JsonArray().add("stripe:orders:read"));
    return api.post("/v1/identities", body).expect(201).text("id");
  }

  private List<String> tokens(String identity) throws InterruptedException {
    List<String> tokens = new ArrayList<>();
    JsonObject body =
        new JsonObject()
            .put("identityId", identity)
            .put("scopes", new JsonArray().add("stripe:orders:read"));
    try (ExecutorService issuing = Executors.newFixedThreadPool(ISSUERS)) {
      List<Future<String>> pending = new ArrayList<>();
      for (int i = 0; i < TOKENS; i++) {
        pending.add(
            issuing.submit(() -> api.post("/v1/tokens", body).expect(201).text("accessToken")));
      }
      for (Future<String> each : pending) {
        tokens.add(each.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a token could not be issued", e.getCause());
    }
    return tokens;
  }

  private void write() throws IOException {
    JsonObject report =
        new JsonObject()
            .put("at", Instant.now().toString())
            .put("cores", Runtime.getRuntime().availableProcessors())
            .put("results", rows);
    Path file = state.resolve("bench.json");
    Files.writeString(file, report.encodePrettily());
    System.out.println("written to " + file);
  }
}
