package dev.relayauth.stack.bench;

import dev.relayauth.stack.ServiceName;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures the running stack and prints a table; the figures go to {@code bench.json} as well. */
public final class Bench {
  private static final int TOKENS = 10_000;
  private static final int ISSUERS = 16;
  private static final int CROWD = 64;
  private static final List<String> PROCESSES =
      List.of("token", "postgres", "kafka", "audit", "identity", "policy", "revocation");
  private static final int REVOCATIONS = 100;
  private static final int SDK_REVOCATIONS = 500;
  private static final int REVOCATIONS_OF_EACH_KIND = 25;
  private static final int STREAMS = 100;
  private static final int POLICY_CHANGES = 200;
  private static final double WARM_UP_SECONDS = 4;
  private static final double SECONDS = 8;

  /** The load at which latency is looked at. */
  private static final double SHARE_OF_CAPACITY = 0.7;

  /** Issues a second that are aimed at. */
  private static final double AIM = 1_500;

  private static final int BOUND_MILLIS = 1_000;
  private static final Set<String> SCENARIOS =
      Set.of(
          "authorize",
          "issue",
          "signing",
          "introspect",
          "rotation",
          "storm",
          "revoke",
          "sdk",
          "audit",
          "budget",
          "propagation");

  /** Only when asked for: most leave a database behind that nobody wants to go on with. */
  private static final Set<String> ALONE =
      Set.of(
          "identities",
          "memory",
          "restart",
          "audit-query",
          "revoke-set",
          "rolling-restart",
          "budget-model");

  private static final int REVOCATIONS_IN_FORCE = 1_000_000;

  private final Path root;
  private final Path state;
  private final RunningStack stack;
  private final Api api;
  private final Vertx vertx = Vertx.vertx();
  private final LoadGenerator generator = new LoadGenerator(vertx);
  private final JsonArray rows = new JsonArray();
  private boolean failed;

  private Bench(Path root, Path state) throws IOException {
    this.root = root;
    this.state = state;
    this.stack = RunningStack.of(state);
    this.api =
        new Api(
            stack.credentials().getString("baseUrl"), stack.credentials().getString("adminApiKey"));
  }

  /** Runs the scenarios named after {@code --state DIR}, or all of them. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> words = Arrays.asList(arguments);
    Path state = path(words, "--state", ".relayauth");
    Path root = path(words, "--root", ".");
    Set<String> asked = new java.util.TreeSet<>(words);
    asked.retainAll(SCENARIOS);
    try {
      Bench bench = new Bench(root, state);
      Optional<String> alone = words.stream().filter(ALONE::contains).findFirst();
      if (alone.isPresent()) {
        System.exit(bench.runAlone(alone.get(), words) ? 0 : 1);
      }
      System.exit(bench.run(asked.isEmpty() ? SCENARIOS : asked) ? 0 : 1);
    } catch (IOException | IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    System.exit(0);
  }

  private static Path path(List<String> words, String option, String otherwise) {
    int at = words.indexOf(option);
    return Path.of(at >= 0 ? words.get(at + 1) : otherwise);
  }

  /** Something to measure. */
  @FunctionalInterface
  private interface Scenario {
    void run() throws IOException, InterruptedException;
  }

  /** Each in turn; one that gives up is a row that says why, and the others go on. */
  private boolean run(Set<String> scenarios) throws IOException, InterruptedException {
    String identity = newIdentity();
    boolean presented = scenarios.contains("authorize") || scenarios.contains("introspect");
    List<String> tokens = presented ? tokens(identity) : List.of();
    String key = stack.credentials().getString("adminApiKey");
    System.out.println(
        "scenario             requests/s    p50 ms    p99 ms  CPU ms/request  share of echo");
    Map<String, Scenario> all = new LinkedHashMap<>();
    try (EchoProcess echo = EchoProcess.start()) {
      all.put(
          "authorize",
          () -> new AuthorizeBench(vertx, generator, stack, echo, table()).run(identity, tokens));
      all.put("issue", () -> issue(echo, identity, key));
      all.put("introspect", () -> introspect(echo, key, tokens));
      attempt(all, scenarios);
    }
    all.clear();
    all.put("signing", () -> SigningProcess.run(root).forEach(this::printSigning));
    all.put("rotation", () -> rows.add(new RotationBench(api, stack).run()));
    all.put(
        "storm",
        () -> {
          Api issuer = new Api("http://127.0.0.1:" + stack.port("token"), key);
          rows.add(new RefreshStormBench(issuer, identity).run());
        });
    all.put("budget", this::budget);
    all.put("propagation", () -> propagation(identity));
    all.put("audit", this::audit);
    all.put(
        "sdk",
        () -> rows.add(new SdkVerifier(api, stack.credentials()).run(identity, SDK_REVOCATIONS)));
    all.put(
        "revoke",
        () -> {
          revoke(create(agent()));
          revokeUnderLoad();
        });
    boolean isWhole = attempt(all, scenarios);
    write();
    return isWhole;
  }

  private boolean attempt(Map<String, Scenario> all, Set<String> asked)
      throws IOException, InterruptedException {
    for (Map.Entry<String, Scenario> each : all.entrySet()) {
      if (asked.contains(each.getKey())) {
        try {
          each.getValue().run();
        } catch (IllegalStateException e) {
          System.out.println(each.getKey() + " gave up: " + e.getMessage());
          rows.add(new JsonObject().put("scenario", each.getKey()).put("gaveUp", e.getMessage()));
          failed = true;
        }
      }
    }
    return !failed;
  }

  private void introspect(EchoProcess echo, String key, List<String> tokens)
      throws InterruptedException {
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

  private void propagation(String identity) throws IOException, InterruptedException {
    try (PolicyPropagation propagation = new PolicyPropagation(stack, identity)) {
      rows.add(propagation.run(POLICY_CHANGES));
    }
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

  /** A scenario with the count that goes with it; whether it showed what it must. */
  private boolean runAlone(String scenario, List<String> words)
      throws IOException, InterruptedException {
    int million = countOf(words, 1_000_000);
    switch (scenario) {
      case "identities" -> rows.add(new IdentityScale(stack, million).run());
      case "memory" -> rows.add(new Footprint(stack, api, countOf(words, 10_000)).run());
      case "restart" -> rows.add(new PolicyRestart(stack, million).run());
      case "audit-query" -> rows.add(new AuditQueries(stack, countOf(words, 5_000_000)).run());
      case "budget-model" -> {
        return budgetModel(words);
      }
      case "revoke-set" -> rows.add(new ColdReplica(stack, REVOCATIONS_IN_FORCE).run());
      default -> {
        return rollingRestart(words);
      }
    }
    write();
    return true;
  }

  private static int countOf(List<String> words, int otherwise) {
    return words.stream()
        .filter(word -> word.matches("[1-9][0-9]{3,7}"))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(otherwise);
  }

  /**
   * {@code rolling-restart [SERVICE…]}: whether no client saw a service restart, of those that are
   * named or of all, and no revoked token was allowed past the bound.
   */
  private boolean rollingRestart(List<String> words) throws IOException {
    List<String> all = Arrays.stream(ServiceName.values()).map(ServiceName::slug).toList();
    List<String> named = all.stream().filter(words::contains).toList();
    RollingRestart restart = new RollingRestart(state, api);
    boolean unseen = true;
    for (String service : named.isEmpty() ? all : named) {
      RollingRestart.Outcome outcome = restart.of(service);
      System.out.println(outcome);
      outcome.failures().forEach(failure -> System.out.println("  " + failure));
      rows.add(outcome.json());
      unseen &= outcome.failed() == 0 && outcome.lastAllowedMillis() < BOUND_MILLIS;
    }
    write();
    return unseen;
  }

  /** As fast as it goes, and how long an answer takes at a share of that. */
  private void issue(EchoProcess echo, String identity, String key) throws InterruptedException {
    Load load =
        new Load(
            "issue",
            stack.port("token"),
            "POST",
            "/v1/tokens",
            key,
            n -> "{\"identityId\":\"%s\",\"scopes\":[\"stripe:orders:read\"]}".formatted(identity),
            201,
            0);
    generator.warmUp(generator.calls(load), stack.pids("token"));
    Result few = beside(echo, load, "token");
    Result many = crowded(load);
    Map<String, Double> paces = paces(Math.max(few.perSecond(), many.perSecond()));
    for (Map.Entry<String, Double> pace : paces.entrySet()) {
      Latencies paced = new PacedLoad(vertx).run(load, pace.getValue(), 1, SECONDS);
      System.out.println(paced.line("  at %.0f/s (%s)".formatted(pace.getValue(), pace.getKey())));
      rows.add(
          paced
              .json()
              .put("scenario", "issue at " + pace.getKey())
              .put("perSecond", pace.getValue()));
    }
  }

  /** A share of what this machine does, and the same share of what is aimed at. */
  static Map<String, Double> paces(double fastest) {
    Map<String, Double> paces = new LinkedHashMap<>();
    paces.put("70% load", SHARE_OF_CAPACITY * fastest);
    paces.put("70% of the aim", SHARE_OF_CAPACITY * AIM);
    return paces;
  }

  /** The same from more clients than share a commit at the usual number, and where its CPU goes. */
  private Result crowded(Load load) throws InterruptedException {
    LoadGenerator crowd = new LoadGenerator(vertx, CROWD);
    Load named = load.named("  %d at once".formatted(CROWD));
    crowd.warmUp(crowd.calls(named), stack.pids("token"));
    CpuSplit split = new CpuSplit(stack, PROCESSES);
    Result result = crowd.run(named, stack.pids("token"), 0, SECONDS);
    Map<String, Double> micros = split.microsPer(result.requests());
    table().add(result, 0);
    table().split(micros);
    return result;
  }

  private void printSigning(JsonObject row) {
    System.out.printf(
        Locale.ROOT,
        "%-20s %10.0f   tokens/s on one thread, %.2f of a bare loop of %s%n",
        row.getString("scenario"),
        row.getDouble("perSecond"),
        row.getDouble("shareOfBare"),
        row.getString("provider"));
    rows.add(row);
  }

  private Result beside(EchoProcess echo, Load load, String service) throws InterruptedException {
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
    return ours;
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

  private AuthorizeBench.Table table() {
    return new AuthorizeBench.Table() {
      @Override
      public void add(Result result, double share) {
        print(result, share);
      }

      @Override
      public void split(Map<String, Double> micros) {
        System.out.println(CpuSplit.line(micros));
        rows.getJsonObject(rows.size() - 1)
            .put("cpuMicrosPerRequest", new JsonObject(new LinkedHashMap<>(micros)));
      }
    };
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
    subscribers.open(vertx, stack.ports("revocation"), key, STREAMS);
    rows.add(new RevokeBench(api, stack, subscribers).run(REVOCATIONS, REVOCATIONS_OF_EACH_KIND));
  }

  private void audit() throws IOException, InterruptedException {
    rows.add(new AuditIngest(stack).run());
  }

  private String newIdentity() {
    return create(agent().put("scopes", new JsonArray().add("stripe:orders:read")));
  }

  /** Without scopes of its own, so that its tokens carry what their issuer names. */
  private JsonObject agent() {
    return new JsonObject()
        .put("name", "bench-" + Long.toString(System.nanoTime(), 36))
        .put("sponsorId", stack.credentials().getString("sponsorId"));
  }

  private String create(JsonObject agent) {
    return api.post("/v1/identities", agent).expect(201).text("id");
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
