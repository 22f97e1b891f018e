package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.credential.Acting;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.PolicyState.Effect;
import jakarta.inject.Singleton;

/**
 * Which rules an agent, or whoever stands under one, may write, whatever scopes it holds: new
 * denies and new roles. It changes and lifts none: neither what binds itself, nor what others set
 * on those under it. Blocking.
 */
@Singleton
final class PolicyReach {
  private final AgentReach reach;

  PolicyReach(AgentReach reach) {
    this.reach = reach;
  }

  /**
   * Refuses an agent that adds an allow, which may let through what another policy narrows, or a
   * deny that binds others than itself and those under it.
   */
  void requireMayAdd(Caller.Tenant author, PolicyState policy) {
    Acting acting = reach.acting(author);
    if (!acting.isUnderAgents()) {
      return;
    }
    String target = policy.identityId();
    boolean isMine = target != null && acting.reaches(reach.sponsorChain(author.org(), target));
    if (policy.effect() == Effect.allow || !isMine) {
      throw AgentReach.refused(
          "an agent adds denies alone, with the identityId of itself or of one under it: another is"
              + " for a person or a service to add");
    }
  }

  /** Refuses an agent that changes a policy, or a test that holds policies in place. */
  void requireMayChange(Caller.Tenant author) {
    reach.requireNoAgent(
        author, "an agent adds denies alone: this is for a person or a service to do");
  }

  /** Refuses an agent that changes a role, which others may have. */
  void requireMayChangeRoles(Caller.Tenant author) {
    reach.requireNoAgent(
        author, "an agent adds roles alone: changing one is for a person or a service to do");
  }
}
