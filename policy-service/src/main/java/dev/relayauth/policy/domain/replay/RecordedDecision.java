package dev.relayauth.policy.domain.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decision as it was recorded.
 *
 * @param at the moment it was made for
 * @param scope what was asked
 * @param policyRevision the sequence up to which it knew the policy topic
 * @param inputs all it looked at; null when they were too large to be kept
 */
public record RecordedDecision(
    String org,
    String decisionId,
    Instant at,
    @Nullable String identityId,
    String scope,
    Outcome outcome,
    long policyRevision,
    @Nullable RecordedInputs inputs) {

  /** What came out. */
  public record Outcome(
      boolean allowed,
      String reason,
      @Nullable String grant,
      @Nullable String role,
      @Nullable String policy) {
    /** The outcome of a decision. */
    public static Outcome of(dev.relayauth.policy.domain.decision.Decision decision) {
      return new Outcome(
          decision.isAllowed(),
          decision.reason().slug(),
          decision.matched().grant(),
          decision.matched().role(),
          decision.matched().policy());
    }
  }
}
