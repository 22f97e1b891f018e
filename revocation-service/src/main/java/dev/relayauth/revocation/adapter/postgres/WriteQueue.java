package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.revocation.domain.entry.Revocation;
import dev.relayauth.revocation.domain.entry.RevocationOrder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Orders that wait to be written, many in one transaction: whoever comes while one is under way
 * shares the next. The sequence lock lets one writer through at a time, so that transactions of one
 * order each would queue for it, and a flood would make every revocation late.
 */
final class WriteQueue {
  private static final int MAX_WAITING = 2_000;
  private static final int BATCH = 64;
  private static final int IDLE_MILLIS = 200;
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final Function<List<Prepared>, List<Revocation>> together;
  private final BlockingQueue<Prepared> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Deque<Prepared> held = new ArrayDeque<>();
  private final Thread writer =
      Thread.ofPlatform().daemon().name("revocation-writer").unstarted(this::run);
  private volatile boolean running = true;

  /**
   * A queue that has not begun.
   *
   * @param together writes orders of different targets in one transaction, in their order, and
   *     answers an entry for each
   */
  WriteQueue(Function<List<Prepared>, List<Revocation>> together) {
    this.together = together;
  }

  /** An order with what only its request knows. */
  record Prepared(
      RevocationOrder order,
      AuditRecord auditRecord,
      @Nullable String traceparent,
      CompletableFuture<Revocation> done) {

    private String key() {
      return RevocationEvents.key(order.target());
    }
  }

  void start() {
    writer.start();
  }

  /** Writes what waits, then stops. */
  void stop() throws InterruptedException {
    running = false;
    writer.join(DRAIN);
  }

  /**
   * Writes an order. Blocks until it is committed.
   *
   * @throws StorageException when it is not, or too many wait already
   */
  Revocation write(RevocationOrder order, AuditRecord auditRecord, @Nullable String traceparent) {
    Prepared prepared = new Prepared(order, auditRecord, traceparent, new CompletableFuture<>());
    if (!running || !queue.offer(prepared)) {
      throw new StorageException(new SQLException("too many revocations wait to be written"));
    }
    try {
      return prepared.done().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** How many orders wait and have not been taken up. */
  int waiting() {
    return queue.size();
  }

  private void run() {
    try {
      while (running || !queue.isEmpty() || !held.isEmpty()) {
        SequencedMap<String, Prepared> batch = next();
        if (!batch.isEmpty()) {
          commit(List.copyOf(batch.values()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * At most one order of each target, sorted as every replica sorts them: each holds the lock of
   * its target to the end.
   */
  private SequencedMap<String, Prepared> next() throws InterruptedException {
    SequencedMap<String, Prepared> batch = new TreeMap<>();
    Deque<Prepared> later = new ArrayDeque<>();
    Prepared first =
        held.isEmpty() ? queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS) : held.removeFirst();
    for (Prepared each = first; each != null && batch.size() < BATCH; each = another()) {
      if (batch.putIfAbsent(each.key(), each) != null) {
        later.addLast(each);
      }
    }
    held.addAll(later);
    return batch;
  }

  private @Nullable Prepared another() {
    Prepared one = held.pollFirst();
    return one == null ? queue.poll() : one;
  }

  private void commit(List<Prepared> orders) {
    try {
      List<Revocation> written = together.apply(orders);
      for (int i = 0; i < orders.size(); i++) {
        orders.get(i).done().complete(written.get(i));
      }
    } catch (RuntimeException e) {
      boolean away = e instanceof StorageException storage && storage.isUnavailable();
      if (orders.size() == 1 || away) {
        orders.forEach(each -> each.done().completeExceptionally(e));
      } else {
        // One that can't be written must not cost the others theirs.
        orders.forEach(each -> commit(List.of(each)));
      }
    }
  }
}
