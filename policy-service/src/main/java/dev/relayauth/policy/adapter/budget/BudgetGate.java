package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.policy.domain.budget.Action;
import dev.relayauth.policy.domain.budget.Allocation;
import dev.relayauth.policy.domain.budget.Amounts;
import dev.relayauth.policy.domain.budget.Budget;
import dev.relayauth.policy.domain.budget.Budgets;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Charge;
import dev.relayauth.policy.domain.budget.Charge.Room;
import dev.relayauth.policy.domain.budget.Demand;
import dev.relayauth.policy.domain.budget.Escrow;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.DecisionRecord.Origin;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import dev.relayauth.policy.domain.decision.Reason;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has permits take of the budgets of who acts. Never blocks, and takes from memory unless a slice
 * has to be refilled. Only the bearer of a token spends; a question by name, or one that asks for
 * an explanation, is told what it would be told and takes nothing.
 */
@Singleton
public final class BudgetGate {
  private static final Logger LOG = Logger.getLogger(BudgetGate.class);
  private static final CompletableFuture<Optional<Spending>> UNCAPPED =
      CompletableFuture.completedFuture(Optional.empty());

  private final KnownBudgets known;
  private final Escrow escrow;
  private final PermitIds permits;
  private final Overruns overruns;
  private final Operations operations;
  private final InstantSource clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  BudgetGate(
      KnownBudgets known,
      Escrow escrow,
      PermitIds permits,
      Overruns overruns,
      Operations operations,
      InstantSource clock) {
    this.known = known;
    this.escrow = escrow;
    this.permits = permits;
    this.overruns = overruns;
    this.operations = operations;
    this.clock = clock;
  }

  /**
   * Takes what a request that is permitted costs; empty when nothing caps it.
   *
   * @param origin who asks, and from where, for the record of a refusal
   */
  public CompletableFuture<Optional<Spending>> charge(DecisionRequest request, Origin origin) {
    Budgets budgets = known.of(request.org(), request.chain(), request.actors());
    Action action = action(request);
    Optional<RefusedException> wrong = wrong(budgets, action);
    if (wrong.isPresent()) {
      return CompletableFuture.failedFuture(wrong.get());
    }
    if (budgets.isEmpty()) {
      return UNCAPPED;
    }
    boolean dry = request.isDry();
    Optional<Budget> single = budgets.tooLarge(action.cost());
    if (single.isPresent()) {
      return done(tooLarge(budgets, single.get(), dry ? null : origin));
    }
    List<Demand> demands = budgets.demands(action);
    return dry
        ? escrow
            .peek(budgets.org(), budgets.caps())
            .thenApply(rooms -> Optional.of(foretell(budgets, demands, rooms, clock.instant())))
        : escrow
            .charge(budgets.org(), demands)
            .thenApply(charge -> Optional.of(conclude(request, budgets, action, charge, origin)));
  }

  /**
   * Whether budgets would refuse a request that somebody has yet to approve: then how, otherwise
   * empty. Takes nothing; what replicas have on lease may be free still, and refuses nothing.
   *
   * @param origin who asks, and from where, for the record of a refusal
   */
  public CompletableFuture<Optional<Spending>> foretell(DecisionRequest request, Origin origin) {
    Budgets budgets = known.of(request.org(), request.chain(), request.actors());
    Action action = action(request);
    Optional<RefusedException> wrong = wrong(budgets, action);
    if (wrong.isPresent()) {
      return CompletableFuture.failedFuture(wrong.get());
    }
    if (budgets.isEmpty()) {
      return UNCAPPED;
    }
    Origin told = request.isDry() ? null : origin;
    Optional<Budget> single = budgets.tooLarge(action.cost());
    if (single.isPresent()) {
      return done(tooLarge(budgets, single.get(), told));
    }
    List<Demand> demands = budgets.demands(action);
    return look(budgets, demands)
        .thenCompose(
            first ->
                first.refused() == null
                    ? CompletableFuture.completedFuture(first)
                    : CompletableFuture.runAsync(() -> operations.expire(budgets.org()), threads)
                        .thenCompose(done -> look(budgets, demands)))
        .thenApply(last -> refusal(last, told))
        .exceptionally(
            failure -> {
              LOG.warnf("what budgets have left can't be looked up: %s", failure.getMessage());
              return Optional.empty();
            });
  }

  private CompletableFuture<Spending> look(Budgets budgets, List<Demand> demands) {
    return escrow
        .look(budgets.org(), demands.stream().map(Demand::cap).toList())
        .thenApply(rooms -> foretell(budgets, demands, rooms, clock.instant()));
  }

  private Optional<Spending> refusal(Spending foretold, @Nullable Origin origin) {
    Charge.Refused refused = foretold.refused();
    if (refused != null && origin != null) {
      overruns.refused(foretold.budgets(), refused.madeCertain(), origin);
    }
    return refused == null ? Optional.empty() : Optional.of(foretold);
  }

  private static Optional<RefusedException> wrong(Budgets budgets, Action action) {
    String currency = budgets.currency();
    if (action.cost() > 0 && !budgets.takes(action.currency())) {
      return Optional.of(invalid("/context/currency", "the budget is in " + currency));
    }
    return action.currency() == null && !Amounts.isWhole(action.cost(), currency)
        ? Optional.of(invalid("/context/cost", "is not in whole minor units of " + currency))
        : Optional.empty();
  }

  /**
   * Gives back what a permit took that is then not given. When the ledger is away it stays taken.
   *
   * @param ref the decision
   */
  public CompletableFuture<Void> release(
      DecisionRequest request, @Nullable Spending spending, String ref) {
    if (spending == null || spending.taken().isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    String identityId = request.chain().getLast().id();
    return CompletableFuture.runAsync(
        () -> release(request.org(), identityId, spending, ref), threads);
  }

  private void release(String org, String identityId, Spending spending, String ref) {
    try {
      operations.release(org, identityId, spending.taken(), ref);
    } catch (RuntimeException e) {
      LOG.warnf("what %s took stays taken: %s", ref, e.getMessage());
    }
  }

  void stop(@Observes ShutdownEvent event) {
    threads.shutdown();
  }

  private static CompletableFuture<Optional<Spending>> done(Spending spending) {
    return CompletableFuture.completedFuture(Optional.of(spending));
  }

  private Action action(DecisionRequest request) {
    Map<String, Object> attributes = request.context().attributes();
    Object cost = attributes.get("cost");
    String currency = attributes.get("currency") instanceof String text ? text : null;
    long units = cost == null ? 0 : Amounts.positive(cost, currency).orElse(0L);
    return new Action(request.scope(), units, currency);
  }

  private Spending conclude(
      DecisionRequest request, Budgets budgets, Action action, Charge charge, Origin origin) {
    return switch (charge) {
      case Charge.Taken taken ->
          new Spending(
              null,
              budgets,
              taken.rooms(),
              null,
              action.cost() > 0 ? reservation(request, budgets, action, taken) : null,
              taken.allocations(),
              action.cost());
      case Charge.Refused refused -> {
        overruns.refused(budgets, refused, origin);
        yield refusal(budgets, refused);
      }
      case Charge.Away ignored ->
          new Spending(Reason.BUDGET_UNAVAILABLE, budgets, List.of(), null, null, List.of(), 0);
    };
  }

  private @Nullable String reservation(
      DecisionRequest request, Budgets budgets, Action action, Charge.Taken taken) {
    List<Allocation> money = taken.allocations().stream().filter(Allocation::isMoney).toList();
    return money.isEmpty()
        ? null
        : permits.encode(
            holder(request.chain()), action.cost(), budgets.currency(), money, clock.instant());
  }

  /** Whose a reservation is that a permit for this identity names. */
  public static PermitIds.Holder holder(List<Agent> chain) {
    IdentityState self = chain.getLast().state();
    List<String> workspaces = new ArrayList<>();
    for (Agent agent : chain.reversed()) {
      workspaces.add(Objects.requireNonNullElse(agent.state().workspaceId(), ""));
    }
    return new PermitIds.Holder(self.orgId(), workspaces, self.sponsorChain());
  }

  private static Spending refusal(Budgets budgets, Charge.Refused refused) {
    Reason reason =
        refused.cap().unit() == Cap.Unit.MONEY ? Reason.BUDGET_EXCEEDED : Reason.RATE_EXCEEDED;
    List<Room> rooms = List.of(new Room(refused.cap(), refused.remaining()));
    return new Spending(reason, budgets, rooms, refused, null, List.of(), 0);
  }

  private Spending tooLarge(Budgets budgets, Budget budget, @Nullable Origin origin) {
    Cap cap = budget.singleCap();
    Charge.Refused refused = new Charge.Refused(cap, budget.maxCostPerAction(), Instant.MAX, true);
    if (origin != null) {
      overruns.refused(budgets, refused, origin);
    }
    return refusal(budgets, refused);
  }

  private static Spending foretell(
      Budgets budgets, List<Demand> demands, List<Room> rooms, Instant now) {
    for (Demand demand : demands) {
      for (Room room : rooms) {
        boolean lacks =
            room.cap().key().equals(demand.cap().key())
                && !demand.cap().shadow()
                && room.left() < demand.amount();
        if (lacks) {
          Instant resets = demand.cap().window().left(demand.cap().window().bucket(now).end());
          return refusal(budgets, new Charge.Refused(demand.cap(), room.left(), resets, false));
        }
      }
    }
    return new Spending(null, budgets, rooms, null, null, List.of(), 0);
  }

  private static RefusedException invalid(String pointer, String detail) {
    return new RefusedException(
        ErrorCode.VALIDATION_FAILED,
        pointer + " " + detail,
        Map.of("errors", List.of(Map.of("pointer", pointer, "detail", detail))));
  }
}
