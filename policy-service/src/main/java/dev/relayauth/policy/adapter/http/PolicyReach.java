package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.PolicyState.Effect;
import dev.relayauth.common.token.Actor;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/**
 * Which policies an agent may write, whatever scopes it holds: new denies. It changes and lifts
 * none: neither what binds itself, nor what others set on those under it. Blocking.
 */
@Singleton
final class PolicyReach {
  private final AgentChains chains;

  PolicyReach(AgentChains chains) {
    this.chains = chains;
  }

  /** Refuses an agent that adds an allow, which may let through what another policy narrows. */
  void requireMayAdd(Caller.Tenant author, PolicyState policy) {
    if (policy.effect() == Effect.allow) {
      requireMayChange(author);
    }
  }

  /** Refuses an agent that changes a policy. */
  void requireMayChange(Caller.Tenant author) {
    for (String actor : actors(author)) {
      if (isAgent(author.org(), actor)) {
        throw new RefusedException(
            ErrorCode.SCOPE_ESCALATION,
            "an agent adds denies alone: this is for a person or a service to do");
      }
    }
  }

  private static List<String> actors(Caller.Tenant author) {
    return switch (author) {
      case Caller.KeyHolder holder ->
          holder.key().identityId() == null ? List.of() : List.of(holder.key().identityId());
      case Caller.Bearer bearer -> {
        List<String> actors = new ArrayList<>();
        actors.add(bearer.token().claims().sub());
        Actor act = bearer.token().claims().act();
        if (act != null) {
          actors.addAll(act.ids());
        }
        yield actors;
      }
    };
  }

  private boolean isAgent(String org, String id) {
    List<Agent> chain = chains.await(org, id);
    return !chain.isEmpty() && chain.getLast().state().type() == IdentityState.Type.agent;
  }
}
