package dev.relayauth.policy.domain.policytest;

import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.policy.domain.decision.Authority;
import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.decision.PolicyDecisionPoint;
import dev.relayauth.policy.domain.decision.Snapshot;
import dev.relayauth.policy.domain.policytest.PolicyCase.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Runs cases against roles and policies. Nothing comes of it but what came out. */
public final class PolicyTests {
  private final PolicyDecisionPoint point;

  /** Asks this decision point. */
  public PolicyTests(PolicyDecisionPoint point) {
    this.point = point;
  }

  /** What comes out of each, in their order. */
  public List<Outcome> run(List<PolicyCase> cases, Authority authority) {
    List<Outcome> outcomes = new ArrayList<>(cases.size());
    for (PolicyCase one : cases) {
      outcomes.add(run(one, authority));
    }
    return outcomes;
  }

  /** Those that pass before a change and fail after it: what the change breaks. */
  public List<Outcome> broken(List<PolicyCase> cases, Authority before, Authority after) {
    return cases.stream()
        .map(one -> run(one, after))
        .filter(outcome -> !outcome.passed() && run(outcome.subject(), before).passed())
        .toList();
  }

  private Outcome run(PolicyCase one, Authority authority) {
    Decision decision =
        point.decide(new Snapshot(authority, new RevocationSet(), null), one.request());
    return new Outcome(one, one.expected().isMetBy(decision), decision);
  }
}
