package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.PolicyState;

/**
 * One condition of a policy, read and ready.
 *
 * @param written as its author wrote it
 */
record Condition(PolicyState.Condition written, Test test) {
  /** Looks at the facts; never throws. */
  @FunctionalInterface
  interface Test {
    Finding find(Facts facts);

    default Test negated() {
      return facts -> find(facts).negated();
    }
  }

  Finding find(Facts facts) {
    return test.find(facts);
  }
}
