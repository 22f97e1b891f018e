package dev.relayauth.policy.domain.budget;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A request that waits for a slice to be refilled, until a deadline of the monotonic clock. */
record Waiter(List<Demand> demands, long deadline, CompletableFuture<Charge> charged) {
  Waiter(List<Demand> demands, long deadline) {
    this(demands, deadline, new CompletableFuture<>());
  }

  boolean isLate(long nanos) {
    return deadline - nanos <= 0;
  }

  /** What to tell a waiter, outside the monitor. */
  record Outcome(Waiter waiter, Charge charge) {
    void tell() {
      waiter.charged.complete(charge);
    }
  }
}
