package dev.relayauth.policy.adapter.http;

import dev.relayauth.policy.adapter.budget.Spending;
import dev.relayauth.policy.domain.approval.Approval;
import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import dev.relayauth.policy.domain.decision.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decision that has been made, and what it knew.
 *
 * @param policyRevision the highest policy sequence that it knew
 * @param revision all it knew, as clients send it back
 * @param approval what it waits for, or has passed by
 * @param spending what budgets said; null when none was asked
 */
public record Answer(
    String decisionId,
    DecisionRequest request,
    Decision decision,
    long policyRevision,
    String revision,
    Instant at,
    @Nullable Approval approval,
    @Nullable Spending spending) {

  /** The same, with the approval it waits for. */
  Answer with(Approval known) {
    return new Answer(decisionId, request, decision, policyRevision, revision, at, known, spending);
  }

  /** The same, with what budgets said: a deny when one has no room. */
  Answer with(Spending said) {
    Reason refusal = said.refusal();
    Decision last = refusal == null ? decision : decision.refusedBy(refusal, request.scope());
    return new Answer(decisionId, request, last, policyRevision, revision, at, approval, said);
  }
}
