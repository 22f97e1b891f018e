package dev.relayauth.policy.domain.policytest;

import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import org.jspecify.annotations.Nullable;

/**
 * One question and the answer that must come.
 *
 * @param test the name of the test that it is of
 */
public record PolicyCase(String test, String name, DecisionRequest request, Expected expected) {
  /**
   * What must come out; what is null doesn't matter.
   *
   * @param reason its slug
   * @param policy the id of the policy that matched
   */
  public record Expected(boolean allowed, @Nullable String reason, @Nullable String policy) {
    boolean isMetBy(Decision decision) {
      return decision.isAllowed() == allowed
          && (reason == null || reason.equals(decision.reason().slug()))
          && (policy == null || policy.equals(decision.matched().policy()));
    }
  }

  /** What came out. */
  public record Outcome(PolicyCase subject, boolean passed, Decision actual) {}
}
