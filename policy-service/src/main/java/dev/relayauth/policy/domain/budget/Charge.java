package dev.relayauth.policy.domain.budget;

import java.time.Instant;
import java.util.List;

/** What became of an attempt to take of budgets. */
public sealed interface Charge {
  /**
   * It is taken of every cap.
   *
   * @param rooms what each cap has left, as far as this replica knows
   */
  record Taken(List<Allocation> allocations, List<Room> rooms) implements Charge {
    /** Copies the lists. */
    public Taken {
      allocations = List.copyOf(allocations);
      rooms = List.copyOf(rooms);
    }
  }

  /**
   * A cap has no room for it; nothing is taken.
   *
   * @param remaining what the cap has left
   * @param resets when there is room for it again, if nothing else is taken meanwhile
   * @param certain whether the ledger said so with no lease outstanding that could be returned
   */
  record Refused(Cap cap, long remaining, Instant resets, boolean certain) implements Charge {
    /** The same, when no lease counts among what was taken. */
    public Refused madeCertain() {
      return new Refused(cap, remaining, resets, true);
    }
  }

  /** The ledger could not be asked in time; nothing is taken. */
  record Away() implements Charge {}

  /** What a cap has left. */
  record Room(Cap cap, long left) {}
}
