package dev.relayauth.policy.adapter.http;

import dev.relayauth.policy.domain.approval.ApprovalDesk;
import dev.relayauth.policy.domain.decision.DecisionRecord;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * Takes requests that want a human to the desk, off the event loop. A failure lets nothing pass.
 */
@Singleton
public final class ApprovalGate {
  private static final Logger LOG = Logger.getLogger(ApprovalGate.class);

  private final ApprovalDesk desk;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  ApprovalGate(ApprovalDesk desk) {
    this.desk = desk;
  }

  void stop(@Observes ShutdownEvent event) {
    threads.shutdown();
  }

  CompletableFuture<ApprovalDesk.Outcome> present(Answer answer) {
    DecisionRequest request = answer.request();
    ApprovalDesk.Request presented =
        new ApprovalDesk.Request(
            request.org(),
            request.chain().getLast().id(),
            DecisionRecord.chain(request),
            request.chain().getLast().state().workspaceId(),
            request.scope(),
            request.context().attributes(),
            answer.decision().matched().policy(),
            answer.decisionId(),
            null);
    return CompletableFuture.supplyAsync(() -> desk.present(presented), threads)
        .exceptionally(
            failure -> {
              LOG.warnf("an approval can't be looked up: %s", failure.getMessage());
              return new ApprovalDesk.Outcome.Overrun();
            });
  }
}
