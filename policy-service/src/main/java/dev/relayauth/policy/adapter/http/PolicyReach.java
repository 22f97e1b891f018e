package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.PolicyState.Effect;
import jakarta.inject.Singleton;

/**
 * Which policies an agent, or whoever stands under one, may write, whatever scopes it holds: new
 * denies. It changes and lifts none: neither what binds itself, nor what others set on those under
 * it. Blocking.
 */
@Singleton
final class PolicyReach {
  private final AgentReach reach;

  PolicyReach(AgentReach reach) {
    this.reach = reach;
  }

  /** Refuses an agent that adds an allow, which may let through what another policy narrows. */
  void requireMayAdd(Caller.Tenant author, PolicyState policy) {
    if (policy.effect() == Effect.allow) {
      requireMayChange(author);
    }
  }

  /** Refuses an agent that changes a policy, or a test that holds policies in place. */
  void requireMayChange(Caller.Tenant author) {
    reach.requireNoAgent(
        author, "an agent adds denies alone: this is for a person or a service to do");
  }
}
