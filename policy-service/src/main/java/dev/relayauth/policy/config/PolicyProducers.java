package dev.relayauth.policy.config;

import dev.relayauth.policy.domain.decision.PolicyDecisionPoint;
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
}
