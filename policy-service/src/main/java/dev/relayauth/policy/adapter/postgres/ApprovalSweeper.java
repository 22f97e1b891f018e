package dev.relayauth.policy.adapter.postgres;

import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.config.ApprovalConfig;
import dev.relayauth.policy.domain.approval.Approval;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Closes approvals that are late and puts that on record. Whether one counts never depends on it:
 * each use compares the time itself.
 */
@Singleton
public final class ApprovalSweeper {
  private static final Logger LOG = Logger.getLogger(ApprovalSweeper.class);
  private static final int BATCH = 200;

  private final Transactions transactions;
  private final ApprovalRows rows;
  private final ApprovalAudit audit;
  private final ApprovalConfig config;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("approval-sweeper").factory());

  ApprovalSweeper(
      Transactions transactions, ApprovalRows rows, ApprovalAudit audit, ApprovalConfig config) {
    this.transactions = transactions;
    this.rows = rows;
    this.audit = audit;
    this.config = config;
  }

  void start(@Observes StartupEvent event) {
    long every = config.sweepEvery().toMillis();
    timer.scheduleWithFixedDelay(this::trySweep, every, every, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  private void trySweep() {
    try {
      while (transactions.write(this::sweep).value() == BATCH) {
        LOG.debug("more approvals are late");
      }
    } catch (RuntimeException e) {
      LOG.debugf("approvals that are late wait for the database: %s", e.getMessage());
    }
  }

  private int sweep(Transaction tx) throws SQLException {
    List<Approval> late = rows.expire(tx, tx.clock().instant(), BATCH);
    late.forEach(approval -> audit.append(tx, approval, "expired", List.of(), null));
    return late.size();
  }
}
