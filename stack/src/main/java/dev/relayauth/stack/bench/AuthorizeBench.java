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

  /** Shares of what each can do; the next is for when the generator can't pace the one before. */
  private static final List<Integer> LOADS = List.of(70, 50, 35, 20);

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
    for (int percent : LOADS) {
      if (paced(
          new Side(calls, stack.pids("policy"), ours),
          new Side(bare, echo.pids(), yardstick),
          percent)) {
        break;
      }
    }
    return ours;
  }

  /** What is paced, and what it has shown it can do. */
  private record Side(Calls calls, List<Long> pids, Result most) {}

  /** Both at the same share of what each can do; false, and said so, when that isn't to be had. */
  private boolean paced(Side ours, Side yardstick, int percent) throws InterruptedException {
    try {
      Result oursAtLoad = atLoad(ours, percent);
      Result yardstickAtLoad = atLoad(yardstick, percent);
      table.add(oursAtLoad, 0);
      table.add(yardstickAtLoad, 0);
      System.out.printf(
          Locale.ROOT,
          "  p99 at %d%% load: %.1f times the echo's%n",
          percent,
          oursAtLoad.p99Millis() / yardstickAtLoad.p99Millis());
      return true;
    } catch (PaceNotHeldException e) {
      boolean isLast = percent == LOADS.getLast();
      System.out.printf(
          "  %s; %s%n",
          String.valueOf(e.getMessage()).strip(),
          isLast ? "no pace is to be had" : "both step down");
      return false;
    }
  }

  private Result atLoad(Side side, int percent) throws InterruptedException {
    Calls named = new Calls("    at " + percent + "% load", side.calls().sending());
    double pace = side.most().perSecond() * percent / 100;
    generator.paced(named, side.pids(), pace, 1);
    return generator.paced(named, side.pids(), pace, SECONDS);
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
