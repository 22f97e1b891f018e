package dev.relayauth.token.adapter.postgres;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.token.config.TokenConfig;
import dev.relayauth.token.domain.issuing.Issuance;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes issues durable, many in one transaction: whoever waits while a commit is under way shares
 * the next one. The queue is bounded; what doesn't fit is refused at once.
 */
@Singleton
public final class GroupCommit {
  private static final int IDLE_MILLIS = 200;
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final DataSource dataSource;
  private final AuditRecords records;
  private final int batch;
  private final BlockingQueue<Pending> queue;
  private final List<Thread> committers;
  private final DistributionSummary sizes;
  private volatile boolean running = true;

  GroupCommit(
      DataSource dataSource, AuditRecords records, TokenConfig config, MeterRegistry metrics) {
    this.dataSource = dataSource;
    this.records = records;
    this.batch = config.groupCommit().batch();
    this.queue = new ArrayBlockingQueue<>(config.groupCommit().queue());
    this.committers =
        IntStream.range(0, config.groupCommit().committers())
            .mapToObj(i -> Thread.ofPlatform().name("group-commit-" + i).daemon())
            .map(thread -> thread.unstarted(this::run))
            .toList();
    this.sizes = metrics.summary("relayauth.issue.batch");
    metrics.gaugeCollectionSize("relayauth.issue.queue", List.of(), queue);
  }

  /** What waits for its commit. */
  record Pending(
      Issuance issuance,
      AuditRecord auditRecord,
      @Nullable String traceparent,
      CompletableFuture<Void> done) {}

  void start(@Observes StartupEvent event) {
    committers.forEach(Thread::start);
  }

  /** Commits what is queued, then stops; before the outbox does. */
  void stop(@Observes @Priority(Integer.MAX_VALUE - 1) ShutdownEvent event)
      throws InterruptedException {
    running = false;
    for (Thread committer : committers) {
      committer.join(DRAIN);
    }
  }

  /**
   * Completes once session, token and audit record are committed.
   *
   * @return a future that fails with {@link StorageException} when they are not, or with {@link
   *     QueueFullException} when too many wait already
   */
  public CompletableFuture<Void> commit(
      Issuance issuance, AuditRecord auditRecord, @Nullable String traceparent) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!running || !queue.offer(new Pending(issuance, auditRecord, traceparent, done))) {
      done.completeExceptionally(new QueueFullException());
    }
    return done;
  }

  private void run() {
    List<Pending> taken = new ArrayList<>(batch);
    while (running || !queue.isEmpty()) {
      taken.clear();
      try {
        Pending first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          taken.add(first);
          queue.drainTo(taken, batch - 1);
          sizes.record(taken.size());
          commit(taken);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void commit(List<Pending> together) {
    try {
      write(together);
      together.forEach(pending -> pending.done().complete(null));
    } catch (StorageException e) {
      if (together.size() == 1 || e.isUnavailable()) {
        together.forEach(pending -> pending.done().completeExceptionally(e));
      } else {
        // One that the database won't take must not cost the others theirs.
        together.forEach(pending -> commit(List.of(pending)));
      }
    } catch (RuntimeException e) {
      together.forEach(pending -> pending.done().completeExceptionally(e));
    }
  }

  private void write(List<Pending> together) {
    List<IssueRows.Row> rows = together.stream().map(this::row).toList();
    try (Connection connection = dataSource.getConnection()) {
      IssueRows.insert(connection, rows);
    } catch (SQLException e) {
      throw new StorageException(e);
    }
  }

  private IssueRows.Row row(Pending pending) {
    return new IssueRows.Row(
        pending.issuance(),
        records.event(pending.auditRecord(), pending.traceparent()),
        records.json(pending.auditRecord()));
  }
}
