package dev.relayauth.policy.domain.budget;

import dev.relayauth.policy.domain.budget.Ledger.Change;
import dev.relayauth.policy.domain.budget.Ledger.Changed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One exchange with the ledger: what it was told, when, and what it answered about needs. */
final class Round {
  private final List<Change> changes;
  private final int asked;
  private final long sentAt;
  private boolean toWait;
  private final Map<String, Changed> answered = new HashMap<>();

  /**
   * A round.
   *
   * @param asked how many waiters it asks for, the first of all
   */
  Round(List<Change> changes, int asked, long sentAt) {
    this.changes = List.copyOf(changes);
    this.asked = asked;
    this.sentAt = sentAt;
  }

  List<Change> changes() {
    return changes;
  }

  /** Before the exchange began, so that no lease is thought to last longer than it does. */
  long sentAt() {
    return sentAt;
  }

  void answered(Change change, Changed result) {
    if (change.need() > 0) {
      answered.put(change.cap().key(), result);
    }
  }

  int asked() {
    return asked;
  }

  /** Whether somebody waits for what others are to return. */
  boolean isToWait() {
    return toWait;
  }

  /** Why a waiter gets nothing; null when it is to wait on. */
  @Nullable Charge refusal(Waiter waiter, Slices slices, long nanos) {
    for (Demand demand : waiter.demands()) {
      Changed result = answered.get(demand.cap().key());
      if (result == null) {
        continue;
      }
      long left = result.room() + slices.free(demand.cap());
      if (left < demand.amount()) {
        if (!result.contended() || waiter.isLate(nanos)) {
          return new Charge.Refused(demand.cap(), left, result.resets(), !result.contended());
        }
        toWait = true;
      }
    }
    return waiter.isLate(nanos) ? new Charge.Away() : null;
  }
}
