package dev.relayauth.policy.adapter.http;

import dev.relayauth.policy.domain.replay.RecordedDecision;
import dev.relayauth.policy.domain.replay.RecordedInputs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A recorded decision as clients see it.
 *
 * @param replayable whether its inputs were kept
 */
record RecordedView(
    String decisionId,
    String orgId,
    @Nullable String identityId,
    String scope,
    boolean allowed,
    String decision,
    String reason,
    Map<String, String> matched,
    Instant at,
    String policyRevision,
    boolean replayable,
    @Nullable InputsView inputs) {

  /** What it looked at. */
  record InputsView(
      Map<String, Object> context,
      List<String> chain,
      @Nullable String tokenId,
      @Nullable List<String> tokenScopes,
      @Nullable String approvalId) {
    static InputsView of(RecordedInputs inputs) {
      return new InputsView(
          inputs.context(),
          inputs.chain().isEmpty() ? List.of() : inputs.chain().getLast().sponsorChain(),
          inputs.token() == null ? null : inputs.token().jti(),
          inputs.token() == null ? null : inputs.token().scopes(),
          inputs.approvalId());
    }
  }

  static RecordedView of(RecordedDecision recorded) {
    OutcomeView outcome = OutcomeView.of(recorded.outcome());
    RecordedInputs inputs = recorded.inputs();
    return new RecordedView(
        recorded.decisionId(),
        recorded.org(),
        recorded.identityId(),
        recorded.scope(),
        outcome.allowed(),
        outcome.decision(),
        outcome.reason(),
        outcome.matched(),
        recorded.at(),
        Long.toString(recorded.policyRevision()),
        inputs != null,
        inputs == null ? null : InputsView.of(inputs));
  }
}
