package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.audit.AuditEmitter;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.policy.domain.decision.DecisionRecord;
import dev.relayauth.policy.domain.decision.DecisionRecord.Origin;
import dev.relayauth.policy.domain.replay.RecordedInputs;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Puts decisions on record: no permit leaves without its record having been taken. */
@Singleton
public final class DecisionTrail {
  private static final CompletableFuture<Void> TAKEN = CompletableFuture.completedFuture(null);
  private static final int STRICT_WAIT_SECONDS = 5;
  private static final int MAX_INPUTS = 64 * 1024;

  private final AuditEmitter emitter;

  DecisionTrail(AuditEmitter emitter) {
    this.emitter = emitter;
  }

  /** Completes when the answer may leave; fails when it is a permit that can't be recorded. */
  public CompletableFuture<Answer> record(Answer answer, Origin origin, @Nullable String trace) {
    AuditRecord auditRecord =
        DecisionRecord.of(
            answer.decisionId(),
            answer.policyRevision(),
            answer.request(),
            answer.decision(),
            origin,
            answer.at(),
            inputs(answer));
    AuditRecord whole = SpendingJson.describe(auditRecord, answer.spending());
    return send(whole, trace, answer.decision().isAllowed()).thenApply(done -> answer);
  }

  /**
   * The same for many answers to one request: one record carries them all.
   *
   * @param id of the request as a whole, of which each answer's is made
   */
  public CompletableFuture<List<Answer>> record(
      String id, List<Answer> answers, Origin origin, @Nullable String trace) {
    boolean permits = answers.stream().anyMatch(answer -> answer.decision().isAllowed());
    AuditRecord auditRecord = BatchRecord.of(id, answers, origin, BatchInputs.write(answers));
    return send(auditRecord, trace, permits).thenApply(done -> answers);
  }

  private static @Nullable String inputs(Answer answer) {
    String inputs = InputsJson.write(RecordedInputs.of(answer.request(), answer.decision()));
    return inputs.length() <= MAX_INPUTS ? inputs : null;
  }

  private CompletableFuture<Void> send(
      AuditRecord auditRecord, @Nullable String trace, boolean permits) {
    if (permits && emitter.isStrict(auditRecord.orgId())) {
      return emitter
          .send(auditRecord, trace)
          .orTimeout(STRICT_WAIT_SECONDS, TimeUnit.SECONDS)
          .exceptionallyCompose(lost -> CompletableFuture.failedFuture(unrecorded()));
    }
    boolean taken = emitter.offer(auditRecord, trace);
    return taken || !permits ? TAKEN : CompletableFuture.failedFuture(unrecorded());
  }

  private static RefusedException unrecorded() {
    return new RefusedException(
        ErrorCode.STORAGE_UNAVAILABLE, "the decision can't be put on record, so it is not given");
  }
}
