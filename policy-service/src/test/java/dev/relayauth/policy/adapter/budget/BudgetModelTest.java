package dev.relayauth.policy.adapter.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.domain.budget.Amounts;
import dev.relayauth.policy.domain.budget.Budget;
import dev.relayauth.policy.domain.budget.Budgets;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Charge;
import dev.relayauth.policy.domain.budget.Demand;
import dev.relayauth.policy.domain.budget.Escrow;
import dev.relayauth.policy.domain.budget.Operation;
import dev.relayauth.policy.domain.budget.Operation.Kind;
import dev.relayauth.policy.domain.budget.Operation.Status;
import dev.relayauth.policy.domain.budget.OperationResult;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several replicas over one ledger: caps hold whatever they do and whichever of them dies. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class BudgetModelTest {
  private static final long SEED = 20261124;
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofSeconds(1);

  /** What each agent certainly spent, and what it was credited. */
  private final Map<String, AtomicLong> spentBy = new ConcurrentHashMap<>();

  private final Map<String, AtomicLong> creditedTo = new ConcurrentHashMap<>();

  @Inject Transactions transactions;
  @Inject PostgresLedger ledger;
  @Inject Operations operations;
  @Inject AuditRecords audit;

  private final World world = World.get();
  private final String org = world.id(IdPrefix.ORGANIZATION);
  private final String workspace = world.id(IdPrefix.WORKSPACE);

  private record Agent(String id, Cap own, Cap workspace, Cap org) {
    List<Cap> caps() {
      return List.of(own, workspace, org);
    }

    List<Demand> demands(long amount) {
      return caps().stream().map(cap -> new Demand(cap, amount, id)).toList();
    }
  }

  private Agent agent(String ownCap, String workspaceCap, String orgCap) {
    String id = world.id(IdPrefix.IDENTITY);
    return new Agent(
        id,
        cap(Owner.identity(id), ownCap),
        cap(new Owner(Owner.Kind.workspace, workspace), workspaceCap),
        cap(new Owner(Owner.Kind.organization, org), orgCap));
  }

  /** Units are ten-thousandths: a cap of 0.1 is a thousand units. */
  private static Cap cap(Owner owner, String major) {
    BudgetLimits limits = new BudgetLimits(null, new BigDecimal(major), null, null);
    return Budget.of(owner, limits, window -> Duration.ofHours(1)).caps().getFirst();
  }

  /** The same cap by the calendar of a zone in which it is that hour of the day. */
  private static Cap dayAt(Cap cap, int hour) {
    int ahead = hour - OffsetDateTime.now(ZoneOffset.UTC).getHour();
    ZoneOffset zone = ZoneOffset.ofHours(Math.floorMod(ahead + 12, 24) - 12);
    BudgetLimits limits =
        new BudgetLimits(
            null,
            Amounts.major(cap.limit()),
            null,
            null,
            null,
            null,
            zone.getId(),
            null,
            null,
            null,
            null);
    return Budget.of(cap.owner(), limits, window -> Duration.ofHours(1)).caps().getFirst();
  }

  @Test
  void noChangeOfTheTimeZonePassesTheCapWhileReplicasHearOfItOneAfterTheOther() {
    Agent agent = agent("0.2", "1", "1");
    List<Cap> zones = List.of(dayAt(agent.own, 5), dayAt(agent.own, 0), dayAt(agent.own, 9));
    List<Replica> replicas = IntStream.range(0, 3).mapToObj(i -> replica(LONG, false)).toList();
    AtomicLong taken = new AtomicLong();
    inParallel(
        12,
        (client, random) -> {
          for (int turn = 0; turn < 200; turn++) {
            Cap cap = zones.get((turn / 40 + client % 3) % zones.size());
            List<Demand> demands = List.of(new Demand(cap, 2, agent.id));
            if (replicas.get(client % 3).charge(org, demands).join() instanceof Charge.Taken) {
              taken.addAndGet(2);
            }
          }
        });
    replicas.forEach(Replica::stop);
    LedgerAudit history = new LedgerAudit(transactions, org);
    history.neverPassed(agent.own);
    assertThat(history.spent(agent.own)).isEqualTo(taken.get()).isEqualTo(agent.own.limit());
    assertThat(history.held(agent.own)).isZero();
  }

  /** The caps on the day and on the month of an identity. */
  private static List<Cap> dayAndMonth(Agent agent, String day, String month) {
    BudgetLimits limits =
        new BudgetLimits(
            null,
            new BigDecimal(day),
            new BigDecimal(month),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    return Budget.of(agent.own.owner(), limits, window -> Duration.ofHours(1)).caps();
  }

  private static List<Demand> two(Agent agent, List<Cap> caps) {
    return caps.stream().map(cap -> new Demand(cap, 2, agent.id)).toList();
  }

  @Test
  void aMonthThatReplicasHearOfOneAfterTheOtherCountsWhatTheDayDoes() {
    Agent agent = agent("0.5", "1", "1");
    List<Cap> caps = dayAndMonth(agent, "0.5", "0.2");
    List<Replica> replicas = IntStream.range(0, 3).mapToObj(i -> replica(LONG, false)).toList();
    AtomicLong taken = new AtomicLong();
    inParallel(
        12,
        (client, random) -> {
          for (int turn = 0; turn < 200; turn++) {
            boolean heard = turn >= 20 * (1 + client % 3);
            List<Demand> demands = two(agent, heard ? caps : caps.subList(0, 1));
            if (replicas.get(client % 3).charge(org, demands).join() instanceof Charge.Taken) {
              taken.addAndGet(2);
            }
          }
        });
    replicas.forEach(Replica::stop);
    LedgerAudit history = new LedgerAudit(transactions, org);
    for (Cap cap : caps) {
      assertThat(history.spent(cap)).as(cap.key()).isEqualTo(taken.get());
      assertThat(history.held(cap)).as(cap.key()).isZero();
    }
    assertThat(taken.get()).isGreaterThanOrEqualTo(caps.getLast().limit());
    history.neverPassed(caps.getFirst());
  }

  @Test
  void aMonthIsChargedInFullWithWhatADeadReplicaHadOfTheDay() {
    Agent agent = agent("0.5", "1", "1");
    List<Cap> caps = dayAndMonth(agent, "0.5", "0.2");
    Replica replica = replica(SHORT, false);
    Charge charge = replica.charge(org, two(agent, caps.subList(0, 1))).join();
    replica.kill();
    assertThat(charge).isInstanceOf(Charge.Taken.class);
    LedgerAudit history = new LedgerAudit(transactions, org);
    long leased = history.held(caps.getFirst());
    ledger.usage(org, caps, Instant.now());
    assertThat(history.held(caps.getLast()) + history.spent(caps.getLast())).isEqualTo(leased);
    await()
        .untilAsserted(
            () -> {
              for (Cap cap : caps) {
                assertThat(history.spent(cap)).isEqualTo(leased);
                assertThat(history.held(cap)).isZero();
              }
            });
  }

  private Replica replica(Duration ttl, boolean exact) {
    return new Replica(ledger, world.id(IdPrefix.REQUEST), ttl, exact);
  }

  @Test
  void aSliceIsRefilledWhenItIsSettledSoThatNobodyWaitsForIt() {
    Agent agent = agent("100", "100", "100");
    CountedLedger counted = new CountedLedger(ledger);
    Escrow.Settings settings = new Escrow.Settings(false, LONG, Duration.ZERO, LONG, LONG, 20_000);
    try (Escrow escrow =
        new Escrow(
            counted, world.id(IdPrefix.REQUEST), InstantSource.system(), settings, Runnable::run)) {
      assertThat(escrow.charge(org, agent.demands(200)).join()).isInstanceOf(Charge.Taken.class);
      take(escrow, agent, 1_000);
      escrow.tick();
      int before = counted.exchanges();
      take(escrow, agent, 5_000);
      assertThat(counted.exchanges()).isEqualTo(before);
    }
    LedgerAudit history = new LedgerAudit(transactions, org);
    assertThat(history.spent(agent.own)).isEqualTo(6_200);
    assertThat(history.held(agent.own)).isZero();
  }

  private void take(Escrow escrow, Agent agent, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(escrow.charge(org, agent.demands(1)).join()).isInstanceOf(Charge.Taken.class);
    }
  }

  @Test
  void exactlyAsManyOfTenThousandPassAsEveryCapOfTheChainAllows() {
    for (boolean exact : new boolean[] {false, true}) {
      String tenant = world.id(IdPrefix.ORGANIZATION);
      Agent agent = agent("0.0500", "0.0500", "0.0500");
      List<Replica> replicas = IntStream.range(0, 3).mapToObj(i -> replica(LONG, exact)).toList();
      List<CompletableFuture<Charge>> charges =
          IntStream.range(0, 10_000)
              .mapToObj(i -> replicas.get(i % 3).charge(tenant, agent.demands(1)))
              .toList();
      long taken = charges.stream().filter(c -> c.join() instanceof Charge.Taken).count();
      long refused = charges.stream().filter(c -> c.join() instanceof Charge.Refused).count();
      replicas.forEach(Replica::stop);
      assertThat(taken).isEqualTo(500);
      assertThat(refused).isEqualTo(9_500);
      LedgerAudit history = new LedgerAudit(transactions, tenant);
      agent.caps().forEach(history::neverPassed);
      agent.caps().forEach(cap -> assertThat(history.spent(cap)).isEqualTo(500));
      agent.caps().forEach(cap -> assertThat(history.held(cap)).isZero());
    }
  }

  @Test
  void nothingIsCountedTwiceOrForgottenWhenConnectionsBreakBeforeOrAfterACommit() {
    Agent agent = agent("100", "100", "100");
    List<Replica> replicas = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      FlakyLedger flaky = new FlakyLedger(ledger, SEED + i, 6);
      replicas.add(new Replica(flaky, world.id(IdPrefix.REQUEST), LONG, i == 2));
    }
    AtomicLong taken = new AtomicLong();
    inParallel(
        24,
        (client, random) -> {
          for (int turn = 0; turn < 60; turn++) {
            long amount = 1 + random.nextInt(20);
            Charge charge = replicas.get(client % 3).charge(org, agent.demands(amount)).join();
            if (charge instanceof Charge.Taken) {
              taken.addAndGet(amount);
            }
          }
        });
    replicas.forEach(Replica::stop);
    LedgerAudit history = new LedgerAudit(transactions, org);
    assertThat(taken.get()).isPositive();
    agent.caps().forEach(history::neverPassed);
    agent.caps().forEach(cap -> assertThat(history.spent(cap)).isEqualTo(taken.get()));
    agent.caps().forEach(cap -> assertThat(history.held(cap)).isZero());
  }

  @Test
  void capsHoldWhateverIsReservedCommittedVoidedExpiredCreditedAndWhoeverDies() {
    List<Agent> agents =
        List.of(
            agent("0.2000", "0.4500", "0.5000"),
            agent("0.2000", "0.4500", "0.5000"),
            agent("0.2000", "0.4500", "0.5000"));
    Agent idle = agent("0.2000", "0.4500", "0.5000");
    Replica[] replicas = {replica(SHORT, false), replica(SHORT, false), replica(SHORT, true)};
    inParallel(
        32,
        (client, random) -> {
          for (int turn = 0; turn < 40; turn++) {
            Agent agent = agents.get(random.nextInt(agents.size()));
            if (client == 0 && turn % 10 == 9) {
              int victim = random.nextInt(replicas.length);
              Replica killed = replicas[victim];
              replicas[victim] = replica(SHORT, victim == 2);
              killed.kill();
            }
            count(spentBy, agent, randomTurn(agent, replicas[random.nextInt(3)], random));
            credit(agent, 1 + random.nextInt(40));
            assertThat(credit(idle, 1 + random.nextInt(40))).isZero();
          }
        });
    for (Replica replica : replicas) {
      replica.stop();
    }
    LedgerAudit history = new LedgerAudit(transactions, org);
    await()
        .untilAsserted(
            () -> {
              assertThat(history.openReservations()).isZero();
              agents.forEach(
                  agent -> agent.caps().forEach(cap -> assertThat(history.held(cap)).isZero()));
            });
    agents.forEach(agent -> agent.caps().forEach(history::neverPassed));
    Cap whole = agents.getFirst().org();
    long spent = sum(spentBy) - sum(creditedTo);
    assertThat(sum(creditedTo)).isPositive();
    agents.forEach(
        agent -> assertThat(total(creditedTo, agent)).isLessThanOrEqualTo(total(spentBy, agent)));
    assertThat(history.spent(whole)).isBetween(spent, spent + history.lost(whole));
    takesAllThatIsLeft(agents, history);
  }

  @Test
  void whatIsDueToExpireIsInNobodysWay() {
    Replica replica = replica(LONG, false);
    List<Agent> agents = new ArrayList<>();
    for (int turn = 0; turn < 20; turn++) {
      Agent charged = agent("0.0100", "1", "1");
      Agent spending = agent("0.0100", "1", "1");
      for (Agent agent : List.of(charged, spending)) {
        assertThat(operations.take(request(agent, Kind.reservation, 100, Duration.ofMillis(-1))))
            .isInstanceOf(OperationResult.Done.class);
        agents.add(agent);
      }
      assertThat(replica.charge(org, charged.demands(100)).join()).isInstanceOf(Charge.Taken.class);
      assertThat(operations.take(request(spending, Kind.spend, 100, LONG)))
          .isInstanceOf(OperationResult.Done.class);
      assertThat(operations.take(request(spending, Kind.spend, 1, LONG)))
          .isInstanceOf(OperationResult.Exceeded.class);
    }
    replica.stop();
    LedgerAudit history = new LedgerAudit(transactions, org);
    agents.forEach(agent -> assertThat(history.spent(agent.own())).isEqualTo(100));
    agents.forEach(agent -> agent.caps().forEach(history::neverPassed));
  }

  /** Once leases have settled, a cap with room refuses nobody. */
  private void takesAllThatIsLeft(List<Agent> agents, LedgerAudit history) {
    for (Agent agent : agents) {
      Replica last = replica(LONG, false);
      long left =
          agent.caps().stream()
              .mapToLong(cap -> cap.limit() - history.spent(cap) - history.held(cap))
              .min()
              .orElseThrow();
      if (left > 0) {
        assertThat(last.charge(org, agent.demands(left)).join()).isInstanceOf(Charge.Taken.class);
      }
      assertThat(last.charge(org, agent.demands(1)).join()).isInstanceOf(Charge.Refused.class);
      last.stop();
    }
    agents.forEach(agent -> agent.caps().forEach(history::neverPassed));
  }

  /** One random thing a client does; how much it certainly spent. */
  private long randomTurn(Agent agent, Replica replica, Random random) {
    long amount = 1 + random.nextInt(30);
    return switch (random.nextInt(6)) {
      case 0, 1, 2 -> charge(agent, replica, amount);
      case 3 -> reserve(agent, amount, Duration.ofMinutes(1), random.nextLong(amount + 1));
      case 4 -> reserve(agent, amount, Duration.ofMinutes(1), -1);
      default -> reserve(agent, amount, Duration.ofMillis(random.nextInt(400)), -2);
    };
  }

  /** A replica that is dead already answers nobody. */
  private long charge(Agent agent, Replica replica, long amount) {
    try {
      return replica.charge(org, agent.demands(amount)).join() instanceof Charge.Taken ? amount : 0;
    } catch (RejectedExecutionException e) {
      return 0;
    }
  }

  /** Reserves, then commits a part (≥ 0), voids (-1) or leaves it to expire (-2). */
  private long reserve(Agent agent, long amount, Duration ttl, long commits) {
    OperationResult result = operations.take(request(agent, Kind.reservation, amount, ttl));
    if (!(result instanceof OperationResult.Done done)) {
      return 0;
    }
    if (commits == -2) {
      return 0;
    }
    OperationResult resolved =
        commits < 0
            ? operations.cancel(done.operation(), action -> audit.draft(action, org))
            : operations.commit(done.operation(), commits, action -> audit.draft(action, org));
    assertThat(resolved).isInstanceOf(OperationResult.Done.class);
    return Math.max(0, commits);
  }

  /** Credits what it can; how much that was. */
  private long credit(Agent agent, long amount) {
    OperationResult result =
        operations.credit(request(agent, Kind.credit, amount, Duration.ofMinutes(1)));
    if (result instanceof OperationResult.Done) {
      count(creditedTo, agent, amount);
      return amount;
    }
    assertThat(result).isInstanceOf(OperationResult.TooMuch.class);
    return 0;
  }

  private static void count(Map<String, AtomicLong> counters, Agent agent, long amount) {
    counters.computeIfAbsent(agent.id(), id -> new AtomicLong()).addAndGet(amount);
  }

  private static long total(Map<String, AtomicLong> counters, Agent agent) {
    return counters.getOrDefault(agent.id(), new AtomicLong()).get();
  }

  private static long sum(Map<String, AtomicLong> counters) {
    return counters.values().stream().mapToLong(AtomicLong::get).sum();
  }

  private Operations.Request request(Agent agent, Kind kind, long amount, Duration ttl) {
    Instant now = Instant.now();
    Operation operation =
        new Operation(
            org,
            world.id(IdPrefix.BUDGET),
            agent.id(),
            kind,
            kind == Kind.reservation ? Status.reserved : Status.committed,
            amount,
            kind == Kind.reservation ? null : amount,
            // Four decimals: whatever the ledger counts is whole.
            "CLF",
            List.of(),
            now,
            now.plus(ttl));
    Budgets budgets = new Budgets(org, agent.id(), List.of("user_jane", agent.id()), List.of());
    return new Operations.Request(
        operation, budgets, agent.demands(amount), null, "", action -> audit.draft(action, org));
  }

  private interface Client {
    void run(int client, Random random);
  }

  private static void inParallel(int clients, Client work) {
    List<CompletableFuture<Void>> running = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        int client = i;
        running.add(
            CompletableFuture.runAsync(() -> work.run(client, new Random(SEED + client)), threads));
      }
      running.forEach(CompletableFuture::join);
    }
  }
}
