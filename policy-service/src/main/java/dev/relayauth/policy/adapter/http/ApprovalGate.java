package dev.relayauth.policy.adapter.http;

import dev.relayauth.policy.domain.approval.Approval;
import dev.relayauth.policy.domain.approval.ApprovalDesk;
import dev.relayauth.policy.domain.decision.DecisionRecord;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
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

  /** What stands about a request; uses nothing. */
  CompletableFuture<ApprovalDesk.Outcome> present(Answer answer) {
    ApprovalDesk.Request presented = request(answer);
    return CompletableFuture.supplyAsync(() -> desk.present(presented), threads)
        .exceptionally(
            failure -> {
              LOG.warnf("an approval can't be looked up: %s", failure.getMessage());
              return new ApprovalDesk.Outcome.Overrun();
            });
  }

  /** Uses the request's approval; empty when another request was faster or it can't be said. */
  CompletableFuture<Optional<Approval>> use(Answer answer) {
    ApprovalDesk.Request presented = request(answer);
    return CompletableFuture.supplyAsync(() -> desk.use(presented), threads)
        .exceptionally(
            failure -> {
              LOG.warnf("an approval can't be used: %s", failure.getMessage());
              return Optional.empty();
            });
  }

  private static ApprovalDesk.Request request(Answer answer) {
    DecisionRequest request = answer.request();
    return new ApprovalDesk.Request(
        request.org(),
        request.chain().getLast().id(),
        DecisionRecord.chain(request),
        request.chain().getLast().state().workspaceId(),
        request.scope(),
        request.context().attributes(),
        answer.decision().matched().policy(),
        answer.decisionId(),
        null);
  }
}
