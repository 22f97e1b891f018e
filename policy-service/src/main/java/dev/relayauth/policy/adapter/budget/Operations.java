package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.adapter.budget.LedgerRows.Movement;
import dev.relayauth.policy.adapter.budget.LedgerRows.Pot;
import dev.relayauth.policy.adapter.budget.LedgerRows.Share;
import dev.relayauth.policy.adapter.budget.LedgerRows.Since;
import dev.relayauth.policy.adapter.budget.OperationRows.Idempotency;
import dev.relayauth.policy.adapter.budget.OperationRows.Known;
import dev.relayauth.policy.domain.budget.Allocation;
import dev.relayauth.policy.domain.budget.Amounts;
import dev.relayauth.policy.domain.budget.Budgets;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Charge;
import dev.relayauth.policy.domain.budget.Demand;
import dev.relayauth.policy.domain.budget.Ledger.Usage;
import dev.relayauth.policy.domain.budget.Operation;
import dev.relayauth.policy.domain.budget.Operation.Kind;
import dev.relayauth.policy.domain.budget.Operation.Status;
import dev.relayauth.policy.domain.budget.OperationResult;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.budget.Window;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the ledger itself: reservations, spends, credits. Each is one transaction with
 * its audit record. Blocking.
 */
@Singleton
public final class Operations {
  private static final long RETRY_NANOS = 20_000_000;
  private static final long PATIENCE_NANOS = 1_500_000_000;
  private static final int MAX_EXPIRED = 1_000;

  private final Transactions transactions;
  private final OperationRows operations;
  private final Notices notices;
  private final AuditRecords audit;
  private final Chains chains;

  Operations(
      Transactions transactions,
      OperationRows operations,
      Notices notices,
      AuditRecords audit,
      Chains chains) {
    this.transactions = transactions;
    this.operations = operations;
    this.notices = notices;
    this.audit = audit;
    this.chains = chains;
  }

  /**
   * A request.
   *
   * @param demands what it takes of each cap
   * @param idempotencyKey null when the client sends none
   * @param hash a digest of all that the client asks for
   * @param describe begins its audit record
   */
  public record Request(
      Operation operation,
      Budgets budgets,
      List<Demand> demands,
      @Nullable String idempotencyKey,
      String hash,
      Function<String, AuditDraft> describe) {}

  /** Sets money aside, or spends it at once; of every cap or of none. */
  public OperationResult take(Request request) {
    return patiently(() -> takeOnce(request));
  }

  /** Asks again until replicas have returned what they were asked for, for a while. */
  private static OperationResult patiently(Supplier<OperationResult> attempt) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      OperationResult result = attempt.get();
      if (result.isCertain() || System.nanoTime() - deadline > 0) {
        return result;
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private OperationResult takeOnce(Request request) {
    try {
      return write(tx -> take(tx, request, true));
    } catch (ReservationsDueException e) {
      expire(request.operation().org());
      return write(tx -> take(tx, request, false));
    }
  }

  private OperationResult take(Transaction tx, Request request, boolean first) throws SQLException {
    Optional<OperationResult> earlier = earlier(tx, request);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    String org = request.operation().org();
    LedgerRows rows = new LedgerRows(tx, org);
    Instant now = tx.clock().instant();
    rows.lock(request.demands().stream().map(demand -> demand.cap().key()).toList());
    Map<String, Usage> usage = rows.usageAndLeases(counters(request.demands(), now));
    for (Demand demand : request.demands()) {
      long left = room(demand.cap(), usage);
      if (left < demand.amount()) {
        ReservationsDueException.throwIf(first && OperationRows.isDue(tx, org));
        return new OperationResult.Exceeded(refusal(tx, org, demand, left));
      }
    }
    List<Allocation> allocations = new ArrayList<>();
    List<Charge.Room> rooms = new ArrayList<>();
    boolean spends = request.operation().kind() == Kind.spend;
    for (Demand demand : request.demands()) {
      Window.Bucket period = demand.cap().window().bucket(now);
      long bucket = period.start();
      allocations.add(new Allocation(demand.cap().key(), bucket, demand.amount()));
      Pot pot = spends ? Pot.spent : Pot.held;
      rows.move(
          new Movement(
              demand.cap().key(),
              bucket,
              spends ? "spend" : "reserve",
              Pot.room,
              pot,
              demand.amount(),
              request.operation().id(),
              period.end()));
      rows.share(
          new Share(
              new Since(demand.cap().key(), bucket),
              demand.spender(),
              spends ? demand.amount() : 0,
              0));
      rooms.add(new Charge.Room(demand.cap(), left(demand, usage)));
    }
    rows.write();
    return insert(tx, request, allocations, rooms, usage);
  }

  private OperationResult insert(
      Transaction tx,
      Request request,
      List<Allocation> allocations,
      List<Charge.Room> rooms,
      Map<String, Usage> usage)
      throws SQLException {
    Operation operation = with(request.operation(), allocations);
    if (!operations.insert(
        tx, operation, new Idempotency(request.idempotencyKey(), request.hash()))) {
      throw new ConcurrentKeyException();
    }
    boolean spends = operation.kind() == Kind.spend;
    append(
        tx, request.describe().apply(spends ? "budget.committed" : "budget.reserved"), operation);
    if (spends) {
      for (Demand demand : request.demands()) {
        Usage before = usage.getOrDefault(demand.cap().key(), new Usage(0, 0));
        Usage after = new Usage(before.spent() + demand.amount(), before.held());
        notices.alert(tx, operation.org(), demand.cap(), after);
      }
    }
    return new OperationResult.Done(operation, rooms);
  }

  /** Two requests with one key at once: the later one is to be sent again. */
  static final class ConcurrentKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConcurrentKeyException() {
      super("the same key is in use at this moment", null, false, false);
    }
  }

  private Optional<OperationResult> earlier(Transaction tx, Request request) throws SQLException {
    Operation wanted = request.operation();
    Optional<Known> known =
        operations.byKey(tx, wanted.org(), wanted.identityId(), request.idempotencyKey());
    return known.map(
        found ->
            found.hash().equals(request.hash())
                ? new OperationResult.Done(found.operation(), List.of())
                : new OperationResult.Conflicting("the idempotency key was used for another"));
  }

  /** Commits a part of a reservation, or all of it; the rest has room again. */
  public OperationResult commit(
      Operation reservation, long amount, Function<String, AuditDraft> describe) {
    return resolve(reservation, Status.committed, amount, describe);
  }

  /** Gives a reservation back. */
  public OperationResult cancel(Operation reservation, Function<String, AuditDraft> describe) {
    return resolve(reservation, Status.voided, 0, describe);
  }

  private OperationResult resolve(
      Operation reservation, Status to, long amount, Function<String, AuditDraft> describe) {
    return patiently(() -> resolveOnce(reservation, to, amount, describe));
  }

  private OperationResult resolveOnce(
      Operation reservation, Status to, long amount, Function<String, AuditDraft> describe) {
    return write(
        tx -> {
          Optional<Operation> known =
              operations.lock(tx, reservation.org(), reservation.identityId(), reservation.id());
          boolean isPermit = !reservation.allocations().isEmpty();
          if (known.isEmpty() && isPermit) {
            return resolvePermit(tx, reservation, to, amount, describe);
          }
          return known.isEmpty()
              ? new OperationResult.Unknown()
              : resolveKnown(tx, known.get(), to, amount, describe);
        });
  }

  /** A request that met another with the same key finds it the next time. */
  private OperationResult write(Transactions.Work<OperationResult> work) {
    try {
      return transactions.write(work).value();
    } catch (ConcurrentKeyException e) {
      return transactions.write(work).value();
    }
  }

  private OperationResult resolveKnown(
      Transaction tx, Operation known, Status to, long asked, Function<String, AuditDraft> describe)
      throws SQLException {
    long amount = asked < 0 ? known.amount() : asked;
    if (known.kind() != Kind.reservation) {
      return new OperationResult.Unknown();
    }
    if (known.status() != Status.reserved) {
      boolean same = known.status() == to && Long.valueOf(amount).equals(known.settled());
      return same
          ? new OperationResult.Done(known, List.of())
          : new OperationResult.Conflicting("the reservation is " + known.status());
    }
    if (tx.clock().instant().isAfter(known.expiresAt())) {
      return new OperationResult.Conflicting("the reservation is expired");
    }
    if (amount > known.amount()) {
      return new OperationResult.TooMuch(known.amount());
    }
    if (asked > 0 && !Amounts.isWhole(asked, known.currency())) {
      return new OperationResult.TooFine(known.currency());
    }
    return settle(tx, known.resolved(to, amount), describe.apply(action(to)));
  }

  private static String action(Status status) {
    return switch (status) {
      case reserved -> "budget.reserved";
      case committed -> "budget.committed";
      case voided -> "budget.voided";
      case expired -> "budget.expired";
    };
  }

  /** Moves what a reservation held to where it belongs. */
  private OperationResult settle(Transaction tx, Operation resolved, AuditDraft draft)
      throws SQLException {
    long committed = resolved.settled() == null ? 0 : resolved.settled();
    LedgerRows rows = new LedgerRows(tx, resolved.org());
    rows.lock(resolved.allocations().stream().map(Allocation::key).toList());
    for (Allocation part : resolved.allocations()) {
      rows.move(move(part, "commit", Pot.held, Pot.spent, committed, resolved.id()));
      rows.share(spent(part, resolved, committed));
      long rest = part.amount() - committed;
      rows.move(move(part, resolved.status().name(), Pot.held, Pot.room, rest, resolved.id()));
    }
    rows.write();
    operations.resolve(tx, resolved);
    append(tx, draft, resolved);
    return new OperationResult.Done(resolved, List.of());
  }

  /**
   * A permit has spent already, from whatever replica's memory; what it did not need goes back.
   * Only then does it get a row.
   */
  private OperationResult resolvePermit(
      Transaction tx,
      Operation permit,
      Status to,
      long asked,
      Function<String, AuditDraft> describe)
      throws SQLException {
    long amount = asked < 0 ? permit.amount() : asked;
    if (tx.clock().instant().isAfter(permit.expiresAt())) {
      return new OperationResult.Conflicting("the reservation is expired");
    }
    if (amount > permit.amount()) {
      return new OperationResult.TooMuch(permit.amount());
    }
    if (asked > 0 && !Amounts.isWhole(asked, permit.currency())) {
      return new OperationResult.TooFine(permit.currency());
    }
    LedgerRows rows = new LedgerRows(tx, permit.org());
    for (Allocation part : taken(rows, permit.allocations())) {
      long rest = part.amount() - amount;
      if (CreditRows.isCredited(tx, permit.org(), permit.identityId(), part, rest)) {
        return credited(tx, permit.org(), part.key());
      }
      rows.move(move(part, to.name(), Pot.spent, Pot.room, rest, permit.id()));
      rows.share(spent(part, permit, -rest));
    }
    Operation resolved = permit.resolved(to, amount);
    if (!operations.insert(tx, resolved, new Idempotency(null, ""))) {
      throw new ConcurrentKeyException();
    }
    rows.write();
    append(tx, describe.apply(action(to)), resolved);
    return new OperationResult.Done(resolved, List.of());
  }

  /** Locks what a permit took, and the months that have been capped since and count it as well. */
  private static List<Allocation> taken(LedgerRows rows, List<Allocation> told)
      throws SQLException {
    List<String> keys = told.stream().map(Allocation::key).toList();
    rows.lock(keys, Months.ofDays(keys));
    List<Allocation> taken = new ArrayList<>(told);
    for (Allocation part : told) {
      String month = Months.isDay(part.key()) ? Months.month(part.key()) : part.key();
      if (!keys.contains(month) && rows.isLocked(month)) {
        taken.add(new Allocation(month, part.bucket(), part.amount()));
      }
    }
    return taken;
  }

  /** What replicas have yet to tell may be what the permit took. */
  private static OperationResult credited(Transaction tx, String org, String counter)
      throws SQLException {
    return new OperationResult.Conflicting(
        "what the permit took was credited already", !recalled(tx, org, counter));
  }

  /** Asks for what replicas have on lease; whether any has something. */
  private static boolean recalled(Transaction tx, String org, String counter) throws SQLException {
    Set<String> key = Set.of(counter);
    boolean leased = !LeaseRows.heldByOthers(tx, "", org, key).isEmpty();
    if (leased) {
      LeaseRows.recall(tx, "", org, key);
    }
    return leased;
  }

  /**
   * Gives back what was spent by mistake, to every cap or to none: no more than the identity itself
   * is known by each of them to have spent within its window and was not given back yet, whatever
   * others spent of the same caps.
   */
  public OperationResult credit(Request request) {
    return write(tx -> credit(tx, request));
  }

  private OperationResult credit(Transaction tx, Request request) throws SQLException {
    Optional<OperationResult> earlier = earlier(tx, request);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Operation operation = request.operation();
    LedgerRows rows = new LedgerRows(tx, operation.org());
    Instant now = tx.clock().instant();
    rows.lock(request.demands().stream().map(demand -> demand.cap().key()).toList());
    // What nothing caps is counted for operations alone: it bounds what no cap does.
    boolean capped = request.demands().stream().anyMatch(Operations::isCapped);
    long most = Long.MAX_VALUE;
    List<Allocation> allocations = new ArrayList<>();
    for (Demand demand : request.demands()) {
      List<Allocation> own = CreditRows.creditable(tx, operation.org(), demand, now);
      if (!capped || isCapped(demand)) {
        most = Math.min(most, own.stream().mapToLong(Allocation::amount).sum());
      }
      allocations.addAll(CreditRows.spread(own, operation.amount()));
    }
    if (operation.amount() > most) {
      return new OperationResult.TooMuch(most);
    }
    for (Allocation part : allocations) {
      rows.move(move(part, "credit", Pot.spent, Pot.room, part.amount(), operation.id()));
      rows.share(new Share(since(part), operation.identityId(), 0, part.amount()));
    }
    rows.write();
    Operation done = with(operation, allocations);
    if (!operations.insert(tx, done, new Idempotency(request.idempotencyKey(), request.hash()))) {
      throw new ConcurrentKeyException();
    }
    append(tx, request.describe().apply("budget.updated").with("change", "credit"), done);
    return new OperationResult.Done(done, List.of());
  }

  /**
   * Gives back what was taken for a permit that was then not given. Blocking.
   *
   * @param ref the decision
   */
  public void release(String org, String identityId, List<Allocation> taken, String ref) {
    transactions.write(
        tx -> {
          LedgerRows rows = new LedgerRows(tx, org);
          rows.lock(taken.stream().map(Allocation::key).toList());
          for (Allocation part : taken) {
            rows.move(move(part, "release", Pot.spent, Pot.room, part.amount(), ref));
            if (part.isMoney()) {
              rows.share(new Share(since(part), identityId, -part.amount(), 0));
            }
          }
          rows.write();
          return taken.size();
        });
  }

  /**
   * Gives back what reservations held that nobody resolved in time; how many there were. Each is a
   * transaction of its own: together they would lock counters out of order.
   */
  public int expire() {
    return expire(operations::expired);
  }

  /** The same for one organisation, before it is told that there is no room. */
  public int expire(String org) {
    return expire(tx -> operations.due(tx, org));
  }

  private int expire(Transactions.Work<Optional<Operation>> next) {
    int count = 0;
    while (count < MAX_EXPIRED && transactions.write(tx -> expireOne(tx, next.run(tx))).value()) {
      count++;
    }
    return count;
  }

  private boolean expireOne(Transaction tx, Optional<Operation> expired) throws SQLException {
    if (expired.isPresent()) {
      Operation operation = expired.get();
      Owner owner = Owner.identity(operation.identityId());
      AuditDraft draft =
          audit
              .draft("budget.expired", operation.org())
              .subject(operation.identityId(), chains.of(operation.org(), owner))
              .workspace(chains.workspace(operation.org(), owner));
      settle(tx, operation.resolved(Status.expired, 0), draft);
    }
    return expired.isPresent();
  }

  private void append(Transaction tx, AuditDraft draft, Operation operation) {
    Long settled = operation.settled();
    audit.append(
        tx,
        draft
            .with("reservationId", operation.id())
            .with("amount", Amounts.major(operation.amount()).toPlainString())
            .with("committed", settled == null ? null : Amounts.major(settled).toPlainString())
            .with("currency", operation.currency())
            .build(),
        null);
  }

  private Charge.Refused refusal(Transaction tx, String org, Demand demand, long left)
      throws SQLException {
    boolean contended = recalled(tx, org, demand.cap().key());
    Instant resets = Resets.of(tx, org, demand.cap(), demand.amount() - left);
    return new Charge.Refused(demand.cap(), left, resets, !contended);
  }

  private static List<Since> counters(List<Demand> demands, Instant now) {
    return demands.stream()
        .map(demand -> new Since(demand.cap().key(), demand.cap().window().since(now)))
        .toList();
  }

  private static boolean isCapped(Demand demand) {
    return demand.cap().limit() < Cap.NO_LIMIT;
  }

  private static long room(Cap cap, Map<String, Usage> usage) {
    Usage counted = usage.getOrDefault(cap.key(), new Usage(0, 0));
    return Math.max(0, cap.ceiling() - counted.spent() - counted.held());
  }

  /** What replicas have on lease is part of what remains. */
  private static long left(Demand demand, Map<String, Usage> usage) {
    Usage counted = usage.getOrDefault(demand.cap().key(), new Usage(0, 0));
    return Math.max(0, demand.cap().limit() - counted.used() - demand.amount());
  }

  private static Movement move(
      Allocation part, String kind, Pot from, Pot to, long amount, String ref) {
    return new Movement(part.key(), part.bucket(), kind, from, to, amount, ref, 0);
  }

  private static Share spent(Allocation part, Operation operation, long amount) {
    return new Share(since(part), operation.identityId(), amount, 0);
  }

  private static Since since(Allocation part) {
    return new Since(part.key(), part.bucket());
  }

  private static Operation with(Operation operation, List<Allocation> allocations) {
    return new Operation(
        operation.org(),
        operation.id(),
        operation.identityId(),
        operation.kind(),
        operation.status(),
        operation.amount(),
        operation.settled(),
        operation.currency(),
        allocations,
        operation.createdAt(),
        operation.expiresAt());
  }
}
