package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.budget.BudgetRules;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Who may touch which budget, and what a budget may be. Blocking. */
@Singleton
final class BudgetAccess {
  private final AgentChains chains;

  BudgetAccess(AgentChains chains) {
    this.chains = chains;
  }

  /** An identity of this organisation after its ancestors, from memory or its owner. */
  List<Agent> chain(String org, String id) {
    List<Agent> chain = find(org, id);
    if (chain.isEmpty() || chain.getLast().state().status() == IdentityState.Status.deleted) {
      throw new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity");
    }
    return chain;
  }

  private List<Agent> find(String org, String id) {
    try {
      return chains.find(org, id).get();
    } catch (ExecutionException e) {
      throw new ServiceUnavailableException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(e);
    }
  }

  /** Refuses whoever acts as an agent that the budget binds: nobody lifts a cap off themselves. */
  void requireAbove(Caller.Tenant caller, Owner owner) {
    String actor = actor(caller);
    if (actor.isEmpty()) {
      return;
    }
    List<Agent> chain = find(caller.org(), actor);
    if (chain.isEmpty()) {
      return;
    }
    IdentityState state = chain.getLast().state();
    boolean isHuman = state.type() == IdentityState.Type.human;
    boolean bound =
        switch (owner.kind()) {
          case organization -> !isHuman;
          case workspace -> !isHuman && owner.id().equals(state.workspaceId());
          case sponsor -> !isHuman && state.sponsorChain().contains(owner.id());
          case identity -> state.sponsorChain().contains(owner.id());
        };
    if (bound) {
      throw new RefusedException(
          ErrorCode.SCOPE_ESCALATION, "a budget is set by people above the agent, never by itself");
    }
  }

  private static String actor(Caller.Tenant caller) {
    return switch (caller) {
      case Caller.Bearer bearer -> bearer.token().claims().sub();
      case Caller.KeyHolder holder ->
          holder.key().identityId() == null ? "" : holder.key().identityId();
    };
  }

  /** Refuses limits that are none, naming all that is wrong. */
  static void check(BudgetLimits limits, String pointer) {
    Violations violations = new Violations();
    BudgetRules.check(limits, pointer, (where, detail) -> violations.check(false, where, detail));
    violations.throwIfAny();
  }
}
