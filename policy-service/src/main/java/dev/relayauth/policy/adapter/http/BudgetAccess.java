package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.budget.BudgetRules;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.Actor;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Who may touch which budget, and what a budget may be. Blocking. */
@Singleton
final class BudgetAccess {
  private final AgentChains chains;

  BudgetAccess(AgentChains chains) {
    this.chains = chains;
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
   * own descendants alone, also when it acts for somebody else; no identity lifts a cap off itself.
   */
  void requireAbove(Caller.Tenant caller, Owner owner) {
    for (String actor : actors(caller)) {
      if (!isAbove(caller.org(), actor, owner)) {
        throw new RefusedException(
            ErrorCode.SCOPE_ESCALATION,
            "a budget is set by people above the agent, or by an agent above it");
      }
    }
  }

  /** Whose authority a caller uses: its own, and that of all who act for it (RFC 8693 §4.1). */
  private static List<String> actors(Caller.Tenant caller) {
    return switch (caller) {
      case Caller.KeyHolder holder ->
          holder.key().identityId() == null ? List.of() : List.of(holder.key().identityId());
      case Caller.Bearer bearer -> {
        List<String> actors = new ArrayList<>();
        actors.add(bearer.token().claims().sub());
        for (Actor act = bearer.token().claims().act(); act != null; act = act.act()) {
          actors.add(act.sub());
        }
        yield actors;
      }
    };
  }

  private boolean isAbove(String org, String actor, Owner owner) {
    if (actor.startsWith(IdPrefix.SPONSOR.text())) {
      return true;
    }
    List<Agent> chain = chains.await(org, actor);
    if (chain.isEmpty()) {
      return false;
    }
    boolean isAgents =
        chain.stream().anyMatch(one -> one.state().type() == IdentityState.Type.agent);
    boolean isIdentity = owner.kind() == Owner.Kind.identity;
    return isAgents
        ? isIdentity && isUnder(org, owner.id(), actor)
        : !isIdentity || !chain.getLast().state().sponsorChain().contains(owner.id());
  }

  private boolean isUnder(String org, String id, String ancestor) {
    List<Agent> chain = chains.await(org, id);
    return !id.equals(ancestor)
        && !chain.isEmpty()
        && chain.getLast().state().sponsorChain().contains(ancestor);
  }

  /** Refuses limits that are none, naming all that is wrong. */
  static void check(BudgetLimits limits, String pointer) {
    Violations violations = new Violations();
    BudgetRules.check(limits, pointer, (where, detail) -> violations.check(false, where, detail));
    violations.throwIfAny();
  }
}
