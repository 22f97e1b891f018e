package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.scope.Scope;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A quick look at what a decision costs: not a test, run by hand. */
final class EngineSpeed {
  private static final int ROUNDS = 2_000_000;

  private EngineSpeed() {}

  public static void main(String[] args) {
    for (int policies : new int[] {10, 1_000, 10_000}) {
      measure(policies);
      measure(policies);
    }
  }

  private static void measure(int count) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      PolicyState policy =
          Samples.policy(
              "pol_" + i,
              i % 2 == 0 ? "deny" : "allow",
              List.of("plane-" + i % 100 + ":thing-" + i / 100 + ":write:/x/" + i),
              List.of(),
              List.of(),
              0,
              null,
              i % 3 == 0 ? "agent_" + i : null);
      rules.add(Rule.of(policy));
    }
    long compileAt = cpu();
    DecisionIndex index = DecisionIndex.of(rules);
    long compiled = cpu() - compileAt;
    IdentityState agent =
        Samples.agent("agent_x", List.of("user_jane"), List.of("stripe:orders:read"));
    Snapshot snapshot = new Snapshot(new Authority(Map.of(), index), new RevocationSet(), null);
    DecisionRequest request =
        new DecisionRequest(
            Samples.ORG,
            new AccessSubject.Bearer(
                Samples.token(agent, Samples.ORG, List.of("stripe:orders:read"), 60, null)),
            List.of(new Agent(agent)),
            Scope.parse("stripe:orders:read:#1"),
            RequestContext.EMPTY,
            false);
    PolicyDecisionPoint point = new PolicyDecisionPoint(InstantSource.system());
    long started = cpu();
    int allowed = 0;
    for (int i = 0; i < ROUNDS; i++) {
      allowed += point.decide(snapshot, request).isAllowed() ? 1 : 0;
    }
    long took = cpu() - started;
    System.out.printf(
        "%,d policies: compiled in %.1f ms, %d ns a decision, %d allowed%n",
        count, compiled / 1e6, took / ROUNDS, allowed);
  }

  /** CPU time of this thread: the machine may be busy with other things. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
