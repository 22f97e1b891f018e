package dev.relayauth.stack.bench;

import dev.relayauth.stack.bench.BudgetClient.Agent;
import dev.relayauth.stack.bench.BudgetClient.Tally;
import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Sixty-four clients do random things with budgets at every policy replica of the stack, while
 * replicas and PostgreSQL are killed. Afterwards the ledger's history is read from its beginning.
 */
public final class BudgetModel {
  private static final int CLIENTS = 64;
  private static final int AGENTS = 4;
  private static final int REQUESTS = 10_000;
  private static final int CONNECTIONS = 256;
  private static final long AGENT_CENTS = 4_000;
  private static final long WORKSPACE_CENTS = 9_000;
  private static final long ORG_CENTS = 10_000;
  private static final long EXACT_CENTS = 500;
  private static final long UNITS_PER_CENT = 100;
  private static final long POLL_NANOS = 50_000_000;
  private static final Duration SETTLES = Duration.ofSeconds(60);

  private final Path state;
  private final RunningStack stack;
  private final List<Integer> ports;
  private final String run = Long.toString(System.nanoTime(), 36);

  /** A model of the stack that runs in {@code state}. */
  public BudgetModel(Path state) throws IOException {
    this.state = state;
    this.stack = RunningStack.of(state);
    this.ports = stack.ports("policy");
  }

  private record Tenant(String org, String key, String workspace) {}

  /**
   * Runs both parts.
   *
   * @return what was done, with {@code faults}: empty when every rule held
   */
  public JsonObject run(Duration length, long seed) throws IOException, InterruptedException {
    JsonObject report = new JsonObject().put("replicas", ports.size()).put("clients", CLIENTS);
    JsonArray faults = new JsonArray();
    report.put("faults", faults);
    exactly(report, faults);
    chaos(report, faults, length, seed);
    System.out.printf(Locale.ROOT, "budget model: %s%n", report.encode());
    return report;
  }

  /** Of ten thousand requests at once as many pass as the caps of all levels allow. */
  private void exactly(JsonObject report, JsonArray faults)
      throws IOException, InterruptedException {
    Tenant tenant = tenant("exact", EXACT_CENTS, EXACT_CENTS);
    Agent agent = agent(tenant, 0, EXACT_CENTS);
    List<Api> replicas = replicas(tenant);
    awaitCaps(replicas, agent);
    long allowed = 0;
    try (ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<Boolean>> asked = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        Api replica = replicas.get(i % replicas.size());
        asked.add(clients.submit(() -> isAllowed(replica, agent, 1)));
      }
      for (Future<Boolean> answer : asked) {
        allowed += answer.get() ? 1 : 0;
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request failed", e.getCause());
    }
    report.put("requestsAtOnce", REQUESTS).put("cap", EXACT_CENTS).put("passed", allowed);
    if (allowed != EXACT_CENTS) {
      faults.add(allowed + " of " + REQUESTS + " passed a cap of " + EXACT_CENTS);
    }
    try (LedgerHistory history = history(tenant)) {
      for (String key : keys(tenant, agent)) {
        await(() -> held(history, key) == 0, "leases of " + key);
        history.faults(key, EXACT_CENTS * UNITS_PER_CENT).forEach(faults::add);
      }
    }
  }

  private void chaos(JsonObject report, JsonArray faults, Duration length, long seed)
      throws IOException, InterruptedException {
    Tenant tenant = tenant("chaos", ORG_CENTS, WORKSPACE_CENTS);
    List<Agent> agents = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      agents.add(agent(tenant, i, AGENT_CENTS));
    }
    List<Api> replicas = replicas(tenant);
    agents.forEach(agent -> awaitCaps(replicas, agent));
    Tally tally = new Tally();
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        BudgetClient client = new BudgetClient(replicas, agents, tally, seed + i);
        clients.execute(
            () -> {
              while (System.nanoTime() - end < 0) {
                client.turn();
              }
            });
      }
      report.put("kills", kill(replicas, end, new Random(seed)));
    }
    awaitReady(replicas);
    report
        .put("taken", tally.done().get())
        .put("refused", tally.refused().get())
        .put("unknown", tally.unknown().get());
    try (LedgerHistory history = history(tenant)) {
      settled(history, tenant, agents);
      check(history, tenant, agents, tally, report, faults);
    }
    takeAllThatIsLeft(tenant, agents, replicas, faults);
  }

  /** Kills a replica, and every third time PostgreSQL, once all are up again; how often. */
  private JsonObject kill(List<Api> probes, long end, Random random) throws IOException {
    int replicas = 0;
    int databases = 0;
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(Duration.ofMillis(500 + random.nextInt(2_000)).toNanos());
      if (!probes.stream().allMatch(BudgetModel::isReady) || System.nanoTime() - end >= 0) {
        continue;
      }
      boolean isDatabase = replicas % 3 == 2 && databases <= replicas / 3;
      List<Long> pids = RunningStack.of(state).pids(isDatabase ? "postgres" : "policy");
      long victim = pids.get(random.nextInt(pids.size()));
      if (ProcessHandle.of(victim).filter(ProcessHandle::destroyForcibly).isPresent()) {
        replicas += isDatabase ? 0 : 1;
        databases += isDatabase ? 1 : 0;
      }
    }
    return new JsonObject().put("policy", replicas).put("postgres", databases);
  }

  private void check(
      LedgerHistory history,
      Tenant tenant,
      List<Agent> agents,
      Tally tally,
      JsonObject report,
      JsonArray faults)
      throws IOException {
    String org = "organization/" + tenant.org() + "/cost-day";
    String workspace = "workspace/" + tenant.workspace() + "/cost-day";
    history.faults(org, ORG_CENTS * UNITS_PER_CENT).forEach(faults::add);
    history.faults(workspace, WORKSPACE_CENTS * UNITS_PER_CENT).forEach(faults::add);
    for (Agent agent : agents) {
      history
          .faults("identity/" + agent.id() + "/cost-day", AGENT_CENTS * UNITS_PER_CENT)
          .forEach(faults::add);
    }
    long spent = history.spent(org) / UNITS_PER_CENT;
    long lost = history.lost(org) / UNITS_PER_CENT;
    long least = tally.least().get();
    long most = tally.most().get() + lost;
    report.put("spentCents", spent).put("lostCents", lost);
    report.put("leastCents", least).put("mostCents", most);
    if (spent < least || spent > most) {
      faults.add("spent " + spent + ", not from " + least + " to " + most);
    }
  }

  /** Once leases have settled a cap with room refuses nobody, and one without everybody. */
  private void takeAllThatIsLeft(
      Tenant tenant, List<Agent> agents, List<Api> replicas, JsonArray faults) throws IOException {
    for (Agent agent : agents) {
      long left = Long.MAX_VALUE;
      try (LedgerHistory history = history(tenant)) {
        settled(history, tenant, List.of(agent));
        List<String> keys = keys(tenant, agent);
        List<Long> caps = List.of(AGENT_CENTS, WORKSPACE_CENTS, ORG_CENTS);
        for (int at = 0; at < keys.size(); at++) {
          long room = caps.get(at) - Math.ceilDiv(history.spent(keys.get(at)), UNITS_PER_CENT);
          left = Math.min(left, room);
        }
      }
      if (left > 0 && !isAllowed(replicas.getFirst(), agent, left)) {
        faults.add("a cap with room for " + left + " refused it");
      }
      if (isAllowed(replicas.getLast(), agent, 1)) {
        faults.add("a cap without room permitted");
      }
    }
  }

  private void settled(LedgerHistory history, Tenant tenant, List<Agent> agents) {
    for (Agent agent : agents) {
      for (String key : keys(tenant, agent)) {
        await(() -> held(history, key) == 0, "leases of " + key);
      }
    }
  }

  private static long held(LedgerHistory history, String key) {
    try {
      return history.held(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> keys(Tenant tenant, Agent agent) {
    return List.of(
        "identity/" + agent.id() + "/cost-day",
        "workspace/" + tenant.workspace() + "/cost-day",
        "organization/" + tenant.org() + "/cost-day");
  }

  private Tenant tenant(String name, long orgCents, long workspaceCents) {
    String gateway = stack.credentials().getString("baseUrl");
    Answer made =
        new Api(gateway, stack.credentials().getString("platformKey"))
            .post("/v1/organizations", new JsonObject().put("name", "budget-" + name + "-" + run))
            .expect(201);
    Tenant tenant =
        new Tenant(
            made.body().getJsonObject("organization").getString("id"),
            made.text("key"),
            "ws_budget");
    Api api = new Api(gateway, tenant.key());
    api.post("/v1/sponsors", new JsonObject().put("id", "user_budget").put("name", "Bench"))
        .expect(201);
    api.post("/v1/workspaces", new JsonObject().put("id", tenant.workspace()).put("name", "Bench"))
        .expect(201);
    api.put("/v1/budgets/organization", cap(orgCents)).expect(200);
    api.put("/v1/budgets/workspaces/" + tenant.workspace(), cap(workspaceCents)).expect(200);
    return tenant;
  }

  private Agent agent(Tenant tenant, int number, long cents) {
    Api api = new Api(stack.credentials().getString("baseUrl"), tenant.key());
    JsonObject body =
        new JsonObject()
            .put("name", "budget-" + number + "-" + run)
            .put("sponsorId", "user_budget")
            .put("workspaceId", tenant.workspace())
            .put("scopes", new JsonArray().add(BudgetClient.SCOPE))
            .put("budget", cap(cents));
    String id = api.post("/v1/identities", body).expect(201).text("id");
    JsonObject issue = new JsonObject().put("identityId", id);
    return new Agent(id, api.post("/v1/tokens", issue).expect(201).text("accessToken"));
  }

  private static JsonObject cap(long cents) {
    return new JsonObject().put("maxCostPerDay", BudgetClient.major(cents));
  }

  private List<Api> replicas(Tenant tenant) {
    return ports.stream().map(port -> new Api("http://127.0.0.1:" + port, tenant.key())).toList();
  }

  private static void awaitReady(List<Api> replicas) {
    replicas.forEach(replica -> await(() -> isReady(replica), "a replica"));
  }

  private static boolean isReady(Api replica) {
    try {
      return replica.get("/q/health/ready").status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Until every replica knows the caps of all levels: a question by name takes nothing. */
  private static void awaitCaps(List<Api> replicas, Agent agent) {
    JsonObject question =
        new JsonObject()
            .put("identityId", agent.id())
            .put("scope", BudgetClient.SCOPE)
            .put("context", new JsonObject().put("cost", BudgetClient.major(ORG_CENTS + 1)));
    for (Api replica : replicas) {
      await(
          () ->
              "budget_exceeded"
                  .equals(replica.post("/v1/authorize", question).expect(200).text("reason")),
          "caps");
    }
  }

  private static boolean isAllowed(Api replica, Agent agent, long cents) {
    JsonObject body =
        new JsonObject()
            .put("token", agent.token())
            .put("scope", BudgetClient.SCOPE)
            .put("context", new JsonObject().put("cost", BudgetClient.major(cents)));
    return replica.post("/v1/authorize", body).expect(200).body().getBoolean("allowed");
  }

  /** Once PostgreSQL is there again. */
  private LedgerHistory history(Tenant tenant) throws IOException {
    String url = "jdbc:postgresql://127.0.0.1:" + stack.port("postgres") + "/relayauth";
    long giveUp = System.nanoTime() + SETTLES.toNanos();
    while (true) {
      try {
        return new LedgerHistory(url, tenant.org());
      } catch (IOException e) {
        if (System.nanoTime() - giveUp > 0) {
          throw e;
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  private static void await(BooleanSupplier condition, String what) {
    long giveUp = System.nanoTime() + SETTLES.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - giveUp > 0) {
        throw new IllegalStateException("waited in vain for " + what);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
