package dev.relayauth.stack.bench;

import dev.relayauth.stack.bench.LoadGenerator.Calls;
import dev.relayauth.stack.bench.LoadGenerator.Result;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Authorize at the policy service's own port, with revocation and audit on: beside a bare echo on
 * the same bodies, over gRPC too, in batches, and beside Cerbos where its binary is.
 */
final class AuthorizeBench {
  private static final int BATCH = 100;
  private static final double SECONDS = 6;

  /** What the generator itself can pace; the echo alone is faster. */
  private static final double MOST_PACED = 25_000;

  private static final double LOAD = 0.7;
  private static final String SCOPE = "stripe:orders:read";
  private static final List<String> PARTS = List.of("policy", "kafka", "audit", "postgres");

  private final Vertx vertx;
  private final LoadGenerator generator;
  private final RunningStack stack;
  private final EchoProcess echo;
  private final Table table;

  /** Where lines go. */
  interface Table {
    /** Notes a result and its share of the yardstick; 0 when there is none. */
    void add(Result result, double share);

    /** Notes where the CPU time of the last result went. */
    void split(Map<String, Double> micros);
  }

  AuthorizeBench(
      Vertx vertx, LoadGenerator generator, RunningStack stack, EchoProcess echo, Table table) {
    this.vertx = vertx;
    this.generator = generator;
    this.stack = stack;
    this.echo = echo;
    this.table = table;
  }

  /** Each token once, then in rotation, over gRPC, a hundred questions a request, and Cerbos. */
  void run(String identity, List<String> tokens) throws IOException, InterruptedException {
    Load dry = load("warm-up", "/v1/authorize", n -> question("identityId", identity));
    generator.warmUp(generator.calls(dry), stack.pids("policy"));
    Load rotation =
        load("authorize", "/v1/authorize", n -> question("token", tokens.get(n % tokens.size())));
    table.add(generator.run(rotation.named("  first sight"), stack.pids("policy"), 0, 1), 0);
    Result ours = beside(generator.calls(rotation), n -> generator.calls(echo(rotation, n)));
    grpc(tokens);
    batches(identity);
    cerbos(identity, tokens, ours);
  }

  private void grpc(List<String> tokens) throws InterruptedException {
    GrpcCalls calls = new GrpcCalls(vertx, key());
    IntFunction<String> inTurn = n -> tokens.get(n % tokens.size());
    beside(
        calls.check("authorize, gRPC", stack.port("policy"), inTurn, SCOPE, 0),
        n -> calls.check("  bare gRPC echo", echo.port(), inTurn, SCOPE, n));
  }

  /** Ours and the echo, each as fast as it can and then at the same share of that. */
  private Result beside(Calls calls, IntFunction<Calls> echoOf) throws InterruptedException {
    generator.warmUp(calls, stack.pids("policy"));
    CpuSplit split = new CpuSplit(stack, PARTS);
    Result ours = generator.run(calls, stack.pids("policy"), 0, SECONDS);
    Map<String, Double> micros = split.microsPer(ours.requests());
    Calls bare = echoOf.apply(ours.answerBytes());
    generator.warmUp(bare, echo.pids());
    Result yardstick = generator.run(bare, echo.pids(), 0, SECONDS);
    table.add(ours, ours.perSecond() / yardstick.perSecond());
    table.split(micros);
    table.add(yardstick, 1);
    Result oursAtLoad = atLoad(calls, stack.pids("policy"), ours);
    Result yardstickAtLoad = atLoad(bare, echo.pids(), yardstick);
    table.add(oursAtLoad, 0);
    table.add(yardstickAtLoad, 0);
    System.out.printf(
        Locale.ROOT,
        "  p99 at that load: %.1f times the echo's%n",
        oursAtLoad.p99Millis() / yardstickAtLoad.p99Millis());
    return ours;
  }

  private Result atLoad(Calls calls, List<Long> pids, Result most) throws InterruptedException {
    Calls named = new Calls("    at 70% load", calls.sending());
    double pace = Math.min(most.perSecond() * LOAD, MOST_PACED);
    generator.paced(named, pids, pace, 1);
    return generator.paced(named, pids, pace, SECONDS);
  }

  private void batches(String identity) throws InterruptedException {
    Load load =
        load(
            "authorize, batches",
            "/v1/authorize/batch",
            n ->
                IntStream.range(0, BATCH)
                    .mapToObj(i -> question("identityId", identity))
                    .collect(Collectors.joining(",", "{\"requests\":[", "]}")));
    generator.warmUp(generator.calls(load), stack.pids("policy"));
    Result batches = generator.run(load, stack.pids("policy"), 0, SECONDS);
    table.add(batches, 0);
    System.out.printf(Locale.ROOT, "  decisions in batches %,.0f/s%n", batches.perSecond() * BATCH);
  }

  private void cerbos(String identity, List<String> tokens, Result ours)
      throws IOException, InterruptedException {
    String jwks = "http://127.0.0.1:" + stack.port("token") + "/.well-known/jwks.json";
    Optional<Cerbos> started = Cerbos.start(stack.credentials().getString("orgId"), jwks);
    if (started.isEmpty()) {
      System.out.println("  no Cerbos: " + Cerbos.VARIABLE + " names its binary");
      return;
    }
    try (Cerbos cerbos = started.get()) {
      cerbos.mustAllow(Cerbos.question(identity, tokens.getFirst()));
      Load load =
          new Load(
              "  Cerbos",
              cerbos.port(),
              "POST",
              "/api/check/resources",
              key(),
              n -> Cerbos.question(identity, tokens.get(n % tokens.size())),
              200,
              0);
      generator.warmUp(generator.calls(load), cerbos.pids());
      Result theirs = generator.run(load, cerbos.pids(), 0, SECONDS);
      table.add(theirs, 0);
      System.out.printf(
          Locale.ROOT,
          "  ours: %.1f times its throughput, %.1f times less CPU a request%n",
          ours.perSecond() / theirs.perSecond(),
          theirs.cpuMillisPerRequest() / ours.cpuMillisPerRequest());
    }
  }

  private Load load(String name, String path, IntFunction<@Nullable String> body) {
    return new Load(name, stack.port("policy"), "POST", path, key(), body, 200, 0);
  }

  private Load echo(Load load, int answerBytes) {
    return new Load(
        "  bare echo",
        echo.port(),
        load.method(),
        load.path(),
        load.credential(),
        load.body(),
        200,
        answerBytes);
  }

  private String key() {
    return stack.credentials().getString("adminApiKey");
  }

  private static String question(String member, String value) {
    return "{\"%s\":\"%s\",\"scope\":\"%s\"}".formatted(member, value, SCOPE);
  }
}
