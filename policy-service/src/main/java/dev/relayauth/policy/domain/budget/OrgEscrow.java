package dev.relayauth.policy.domain.budget;

import dev.relayauth.policy.domain.budget.Charge.Room;
import dev.relayauth.policy.domain.budget.Ledger.Change;
import dev.relayauth.policy.domain.budget.Ledger.Changed;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The slices of one organisation at this replica, and who waits for more. */
final class OrgEscrow {
  private static final long RETRY_NANOS = 15_000_000;
  private static final int BATCH = 2_000;

  private final Escrow escrow;
  private final String org;
  private final Slices slices;
  private final Deque<Waiter> waiters = new ArrayDeque<>();
  private boolean working;
  private boolean closed;

  OrgEscrow(Escrow escrow, String org) {
    this.escrow = escrow;
    this.org = org;
    this.slices = new Slices(escrow.settings());
  }

  CompletableFuture<Charge> charge(List<Demand> demands) {
    Instant now = escrow.now();
    long nanos = System.nanoTime();
    Waiter waiter;
    synchronized (this) {
      Charge.Taken taken = slices.take(demands, now, nanos);
      if (taken != null) {
        return CompletableFuture.completedFuture(taken);
      }
      if (closed || waiters.size() >= escrow.settings().maxWaiting()) {
        return CompletableFuture.completedFuture(new Charge.Away());
      }
      waiter = new Waiter(demands, nanos + escrow.settings().patience().toNanos());
      waiters.add(waiter);
      startWorking();
    }
    return waiter.charged();
  }

  CompletableFuture<List<Room>> peek(List<Cap> caps) {
    List<Room> known;
    synchronized (this) {
      known = slices.rooms(caps, escrow.now(), System.nanoTime());
    }
    return known != null
        ? CompletableFuture.completedFuture(known)
        : CompletableFuture.supplyAsync(() -> ask(caps), escrow::execute);
  }

  private List<Room> ask(List<Cap> caps) {
    Map<String, Ledger.Usage> usage = escrow.usage(org, caps);
    List<Room> rooms = new ArrayList<>();
    for (Cap cap : caps) {
      Ledger.Usage counted = usage.getOrDefault(cap.key(), new Ledger.Usage(0, 0));
      rooms.add(new Room(cap, Math.max(0, cap.limit() - counted.spent() - counted.held())));
    }
    synchronized (this) {
      slices.remember(rooms, escrow.now(), System.nanoTime());
    }
    return rooms;
  }

  synchronized boolean isEmpty() {
    return waiters.isEmpty() && slices.isEmpty();
  }

  synchronized void recall(Collection<String> keys) {
    slices.recall(keys, System.nanoTime());
  }

  synchronized void settleIfDue() {
    if (slices.isDue(escrow.now(), System.nanoTime())) {
      startWorking();
    }
  }

  void close() {
    synchronized (this) {
      closed = true;
      slices.giveUp(System.nanoTime());
    }
    for (int attempt = 0; attempt < 50 && !isEmpty(); attempt++) {
      settleIfDue();
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private void startWorking() {
    if (!working) {
      working = true;
      escrow.execute(this::work);
    }
  }

  /** Exchanges with the ledger for as long as somebody waits or something is due. */
  private void work() {
    while (true) {
      Round round = begin();
      if (round == null) {
        return;
      }
      boolean settled = exchange(round);
      List<Waiter.Outcome> outcomes = settled ? conclude(round) : turnAway();
      outcomes.forEach(Waiter.Outcome::tell);
      if (!settled || round.isToWait()) {
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private synchronized @Nullable Round begin() {
    Instant now = escrow.now();
    long nanos = System.nanoTime();
    List<Waiter> first = waiters.stream().limit(BATCH).toList();
    List<Change> changes = slices.plan(first, now, nanos);
    if (changes.isEmpty() && waiters.isEmpty()) {
      working = false;
      return null;
    }
    return new Round(changes, first.size(), nanos);
  }

  private boolean exchange(Round round) {
    if (round.changes().isEmpty()) {
      return true;
    }
    try {
      List<Changed> results = escrow.exchange(org, round.changes());
      synchronized (this) {
        slices.apply(round, results, System.nanoTime());
      }
      return true;
    } catch (RuntimeException e) {
      return recover();
    }
  }

  /** Asks what became of the changes, until the ledger answers. */
  private boolean recover() {
    while (true) {
      try {
        List<Ledger.Lease> leases = escrow.leases(org);
        synchronized (this) {
          slices.recover(leases, System.nanoTime());
        }
        return false;
      } catch (RuntimeException e) {
        turnAway().forEach(Waiter.Outcome::tell);
        LockSupport.parkNanos(10 * RETRY_NANOS);
      }
    }
  }

  private synchronized List<Waiter.Outcome> conclude(Round round) {
    Instant now = escrow.now();
    long nanos = System.nanoTime();
    List<Waiter.Outcome> outcomes = new ArrayList<>();
    int all = waiters.size();
    for (int at = 0; at < all; at++) {
      Waiter waiter = waiters.removeFirst();
      Charge charge = slices.take(waiter.demands(), now, nanos);
      if (charge == null && at < round.asked()) {
        charge = round.refusal(waiter, slices, nanos);
      }
      if (charge == null) {
        waiters.addLast(waiter);
      } else {
        outcomes.add(new Waiter.Outcome(waiter, charge));
      }
    }
    return outcomes;
  }

  private synchronized List<Waiter.Outcome> turnAway() {
    List<Waiter.Outcome> outcomes =
        waiters.stream().map(waiter -> new Waiter.Outcome(waiter, new Charge.Away())).toList();
    waiters.clear();
    return outcomes;
  }
}
