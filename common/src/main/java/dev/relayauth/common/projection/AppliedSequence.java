package dev.relayauth.common.projection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** How far a reader has come, and who waits for it to come further. Safe for any thread. */
public final class AppliedSequence {
  private static final int MAX_WAITERS = 10_000;

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Waiter> waiters = new ArrayList<>();
  private volatile long value;
  private volatile boolean awaited;

  private record Waiter(long sequence, CompletableFuture<Boolean> reached) {}

  /** The highest sequence applied; 0 before the first. */
  public long get() {
    return value;
  }

  /** Calls {@code listener} after each advance, on the reader's thread. */
  public void onAdvance(Runnable listener) {
    listeners.add(listener);
  }

  /** Moves forward; called by the reader alone. */
  public void advance(long sequence) {
    if (sequence <= value) {
      return;
    }
    value = sequence;
    if (awaited) {
      release(sequence);
    }
    listeners.forEach(Runnable::run);
  }

  /**
   * Completes with true once {@code sequence} has been applied, with false after {@code limit} or
   * at once when too many wait already.
   */
  public CompletableFuture<Boolean> await(long sequence, Duration limit) {
    if (value >= sequence) {
      return CompletableFuture.completedFuture(true);
    }
    CompletableFuture<Boolean> reached = new CompletableFuture<>();
    synchronized (waiters) {
      waiters.removeIf(waiter -> waiter.reached.isDone());
      if (waiters.size() >= MAX_WAITERS) {
        return CompletableFuture.completedFuture(false);
      }
      waiters.add(new Waiter(sequence, reached));
      awaited = true;
    }
    if (value >= sequence) {
      reached.complete(true);
    }
    return reached.completeOnTimeout(false, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void release(long sequence) {
    List<Waiter> ready = new ArrayList<>();
    synchronized (waiters) {
      waiters.removeIf(
          waiter -> {
            boolean due = waiter.sequence <= sequence;
            if (due) {
              ready.add(waiter);
            }
            return due;
          });
      awaited = !waiters.isEmpty();
    }
    ready.forEach(waiter -> waiter.reached.complete(true));
  }
}
