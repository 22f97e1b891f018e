package dev.relayauth.policy.config;

import dev.relayauth.policy.domain.decision.PolicyDecisionPoint;
import dev.relayauth.policy.domain.policytest.PolicyTests;
import dev.relayauth.policy.domain.replay.Replay;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Domain objects as beans. */
@Singleton
public final class PolicyProducers {
  @Produces
  @Singleton
  PolicyDecisionPoint decisionPoint(InstantSource clock) {
    return new PolicyDecisionPoint(clock);
  }

  @Produces
  @Singleton
  PolicyTests policyTests(PolicyDecisionPoint decisionPoint) {
    return new PolicyTests(decisionPoint);
  }

  @Produces
  @Singleton
  Replay replay(PolicyDecisionPoint decisionPoint) {
    return new Replay(decisionPoint);
  }
}
