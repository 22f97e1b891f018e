package dev.relayauth.policy.domain.budget;

import dev.relayauth.policy.domain.budget.Charge.Room;
import dev.relayauth.policy.domain.budget.Ledger.Change;
import dev.relayauth.policy.domain.budget.Ledger.Changed;
import dev.relayauth.policy.domain.budget.Ledger.Lease;
import dev.relayauth.policy.domain.budget.Slice.Need;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The slices of one organisation by counter. Guarded by the organisation's monitor. */
final class Slices {
  private static final int MAX_PEEKED = 1_000;

  private final Escrow.Settings settings;
  private final Map<String, Slice> current = new HashMap<>();
  private final List<Slice> past = new ArrayList<>();
  private final Map<String, Peeked> peeked = new LinkedHashMap<>();
  private boolean givingUp;

  Slices(Escrow.Settings settings) {
    this.settings = settings;
  }

  private record Peeked(Room room, Window.Bucket bucket, long nanos) {}

  boolean isEmpty() {
    return past.isEmpty() && current.values().stream().allMatch(Slice::isEmpty);
  }

  /** Takes of every slice, or of none: then null. */
  Charge.@Nullable Taken take(List<Demand> demands, Instant now, long nanos) {
    long second = now.getEpochSecond();
    for (Demand demand : demands) {
      Slice slice = current.get(demand.cap().key());
      if (slice == null || !slice.covers(demand.cap(), demand.amount(), second, nanos)) {
        return null;
      }
    }
    List<Allocation> allocations = new ArrayList<>(demands.size());
    List<Room> rooms = new ArrayList<>(demands.size());
    for (Demand demand : demands) {
      Slice slice = slice(demand.cap(), now, nanos);
      slice.take(demand.amount(), demand.spender(), isAlone(demand, demands), nanos);
      allocations.add(new Allocation(demand.cap().key(), slice.bucket.start(), demand.amount()));
      rooms.add(new Room(demand.cap(), slice.left()));
    }
    return new Charge.Taken(allocations, rooms);
  }

  /** Whether something is taken by the day and not of the same owner's month. */
  private static boolean isAlone(Demand demand, List<Demand> demands) {
    if (!demand.cap().isDaily()) {
      return false;
    }
    for (Demand other : demands) {
      if (other.cap().isMonthly() && other.cap().owner().equals(demand.cap().owner())) {
        return false;
      }
    }
    return true;
  }

  /** What is leased of a cap and free. */
  long free(Cap cap) {
    Slice slice = current.get(cap.key());
    return slice == null ? 0 : slice.free();
  }

  /** What this replica knows of recent of every cap; null when there is one it doesn't. */
  @Nullable List<Room> rooms(List<Cap> caps, Instant now, long nanos) {
    List<Room> rooms = new ArrayList<>(caps.size());
    long second = now.getEpochSecond();
    for (Cap cap : caps) {
      Slice slice = current.get(cap.key());
      Peeked known = peeked.get(cap.key());
      if (slice != null && slice.covers(cap, 0, second, nanos)) {
        rooms.add(new Room(cap, slice.left()));
      } else if (known != null
          && known.room.cap().limit() == cap.limit()
          && known.bucket.holds(second)
          && nanos - known.nanos < Escrow.SECOND / 4) {
        rooms.add(known.room);
      } else {
        return null;
      }
    }
    return rooms;
  }

  void remember(List<Room> rooms, Instant now, long nanos) {
    if (peeked.size() > MAX_PEEKED) {
      peeked.clear();
    }
    for (Room room : rooms) {
      Window.Bucket bucket = room.cap().window().bucket(now);
      peeked.put(room.cap().key(), new Peeked(room, bucket, nanos));
    }
  }

  void recall(Collection<String> keys, long nanos) {
    for (String key : keys) {
      Slice slice = current.get(key);
      if (slice != null) {
        slice.recall(nanos);
      }
    }
  }

  /** From now on everything goes back. */
  void giveUp(long nanos) {
    givingUp = true;
    current.values().forEach(slice -> slice.recall(nanos));
  }

  boolean isDue(Instant now, long nanos) {
    if (!past.isEmpty()) {
      return true;
    }
    long second = now.getEpochSecond();
    for (Slice slice : current.values()) {
      if (isDue(slice, second, nanos)) {
        return true;
      }
    }
    return false;
  }

  private boolean isDue(Slice slice, long second, long nanos) {
    return (givingUp && !slice.isEmpty()) || slice.isDue(second, nanos, settings);
  }

  /** What to tell the ledger, and what to ask of it for those who wait. */
  List<Change> plan(List<Waiter> waiters, Instant now, long nanos) {
    Map<String, Need> needs = new HashMap<>();
    Map<String, Cap> wanted = new HashMap<>();
    for (Waiter waiter : waiters) {
      for (Demand demand : waiter.demands()) {
        wanted.put(demand.cap().key(), demand.cap());
        needs.merge(
            demand.cap().key(),
            Need.NOTHING.plus(demand.amount()),
            (known, added) -> known.plus(added.total()));
      }
    }
    wanted.values().forEach(cap -> slice(cap, now, nanos));
    retire(now.getEpochSecond());
    List<Change> changes = new ArrayList<>();
    for (Slice slice : past) {
      add(changes, slice.plan(slice.cap(), 0, Need.NOTHING, nanos, settings, true));
    }
    for (Slice slice : current.values()) {
      String key = slice.cap().key();
      Cap cap = wanted.getOrDefault(key, slice.cap());
      Need need = needs.getOrDefault(key, Need.NOTHING);
      if (!slice.isEmpty() || need.total() > 0) {
        add(changes, slice.plan(cap, cap.window().since(now), need, nanos, settings, givingUp));
      }
    }
    return changes;
  }

  /** Takes slices of buckets that are over out of use, and forgets those with nothing left. */
  private void retire(long second) {
    current.values().stream().filter(slice -> !slice.bucket.holds(second)).forEach(past::add);
    current.values().removeIf(slice -> !slice.bucket.holds(second));
    past.removeIf(Slice::isEmpty);
  }

  private static void add(List<Change> changes, @Nullable Change change) {
    if (change != null) {
      changes.add(change);
    }
  }

  /** The slice of a cap's present bucket. */
  private Slice slice(Cap cap, Instant now, long nanos) {
    Slice known = current.get(cap.key());
    if (known != null && known.bucket.holds(now.getEpochSecond()) && known.isOf(cap)) {
      return known;
    }
    Window.Bucket bucket = cap.window().bucket(now);
    if (known != null && known.bucket.equals(bucket)) {
      return known;
    }
    if (known != null) {
      past.add(known);
    }
    Slice opened = earlier(cap.key(), bucket).orElseGet(() -> new Slice(cap, bucket, nanos));
    current.put(cap.key(), opened);
    return opened;
  }

  /** A slice of the bucket that was given up for another window which is now over. */
  private Optional<Slice> earlier(String key, Window.Bucket bucket) {
    Optional<Slice> found =
        past.stream()
            .filter(old -> old.cap().key().equals(key) && old.bucket.start() == bucket.start())
            .findFirst();
    found.ifPresent(past::remove);
    return found;
  }

  void apply(Round round, List<Changed> results, long nanos) {
    long until = round.sentAt() + settings.ttl().toNanos();
    for (int at = 0; at < results.size(); at++) {
      Change change = round.changes().get(at);
      Slice slice = find(change);
      slice.apply(results.get(at), until, nanos);
      round.answered(change, results.get(at));
    }
    past.removeIf(Slice::isEmpty);
  }

  private Slice find(Change change) {
    Slice slice = current.get(change.cap().key());
    if (slice != null && slice.bucket.start() == change.bucket()) {
      return slice;
    }
    for (Slice old : past) {
      if (old.cap().key().equals(change.cap().key()) && old.bucket.start() == change.bucket()) {
        return old;
      }
    }
    throw new IllegalStateException("no slice is known that the change is about");
  }

  void recover(List<Lease> leases, long nanos) {
    Map<String, Lease> byKey = new HashMap<>();
    leases.forEach(lease -> byKey.put(lease.key() + "@" + lease.bucket(), lease));
    List<Slice> all = new ArrayList<>(past);
    all.addAll(current.values());
    for (Slice slice : all) {
      if (slice.isUnderWay()) {
        slice.recover(byKey.get(slice.cap().key() + "@" + slice.bucket.start()), nanos);
      }
    }
  }
}
