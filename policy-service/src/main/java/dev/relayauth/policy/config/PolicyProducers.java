package dev.relayauth.policy.config;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.policy.adapter.budget.PostgresLedger;
import dev.relayauth.policy.domain.budget.Escrow;
import dev.relayauth.policy.domain.decision.PolicyDecisionPoint;
import dev.relayauth.policy.domain.policytest.PolicyTests;
import dev.relayauth.policy.domain.replay.Replay;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Domain objects as beans. */
@Singleton
public final class PolicyProducers {
  @Produces
  @Singleton
  PolicyDecisionPoint decisionPoint(InstantSource clock) {
    return new PolicyDecisionPoint(clock);
  }

  /** Leases are this start's: another start of the same node must not take them for its own. */
  @Produces
  @Singleton
  Escrow escrow(
      PostgresLedger ledger,
      InstantSource clock,
      IdSource ids,
      RelayAuthConfig config,
      @ConfigProperty(name = "relayauth.budget.exact", defaultValue = "false") boolean exact) {
    return new Escrow(
        ledger,
        config.node() + "/" + ids.next(IdPrefix.REQUEST),
        clock,
        Escrow.Settings.defaults(exact),
        Executors.newVirtualThreadPerTaskExecutor());
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
