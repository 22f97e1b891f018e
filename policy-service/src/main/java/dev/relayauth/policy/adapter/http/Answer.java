package dev.relayauth.policy.adapter.http;

import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import java.time.Instant;

/**
 * A decision that has been made, and what it knew.
 *
 * @param policyRevision the highest policy sequence that it knew
 * @param revision all it knew, as clients send it back
 */
public record Answer(
    String decisionId,
    DecisionRequest request,
    Decision decision,
    long policyRevision,
    String revision,
    Instant at) {}
