package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.budget.BudgetRules;
import dev.relayauth.common.credential.Acting;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.Violations;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.util.List;

/** Who may touch which budget, and what a budget may be. Blocking. */
@Singleton
final class BudgetAccess {
  private final AgentChains chains;
  private final AgentReach reach;

  BudgetAccess(AgentChains chains, AgentReach reach) {
    this.chains = chains;
    this.reach = reach;
  }

  /** An identity of this organisation after its ancestors, from memory or its owner. */
  List<Agent> chain(String org, String id) {
    List<Agent> chain = chains.await(org, id);
    if (chain.isEmpty() || chain.getLast().state().status() == IdentityState.Status.deleted) {
      throw new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity");
    }
    return chain;
  }

  /**
   * Refuses whoever may not set the budget. An agent, or what stands under one, sets those of its
   * own descendants alone, also when it acts for somebody else; no identity lifts a cap off itself
   * or off those above it.
   */
  void requireAbove(Caller.Tenant caller, Owner owner) {
    Acting acting = reach.acting(caller);
    boolean isAbove =
        owner.kind() == Owner.Kind.identity
            ? !acting.isUnder(owner.id())
                && acting.isAbove(reach.sponsorChain(caller.org(), owner.id()))
            : !acting.isUnderAgents();
    if (!isAbove) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION,
          "a budget is set by people above the agent, or by an agent above it");
    }
  }

  /** Refuses an agent that would spend what is neither its own nor of one under it. */
  void requireReach(Caller.Tenant caller, IdentityState spender) {
    reach.requireReach(caller, spender);
  }

  /** Refuses limits that are none, naming all that is wrong. */
  static void check(BudgetLimits limits, String pointer) {
    Violations violations = new Violations();
    BudgetRules.check(limits, pointer, (where, detail) -> violations.check(false, where, detail));
    violations.throwIfAny();
  }
}
