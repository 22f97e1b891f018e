package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.credential.Acting;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.domain.decision.Agent;
import jakarta.inject.Singleton;
import java.util.List;

/** Holds agents to {@link Acting}'s rule: they act on those under them alone. Blocking. */
@Singleton
final class AgentReach {
  private final AgentChains chains;

  AgentReach(AgentChains chains) {
    this.chains = chains;
  }

  /** Who acts for a caller. */
  Acting acting(Caller.Tenant caller) {
    return Acting.of(
        caller, id -> chains.await(caller.org(), id).stream().map(Agent::state).toList());
  }

  /** Refuses an agent that would change itself or who stands above it. */
  void requireNotOver(Caller.Tenant caller, IdentityState changed) {
    if (acting(caller).hasSelfOrAbove(changed.id())) {
      throw refused(
          "an agent changes neither itself nor who stands above it: ask who sponsors "
              + changed.id());
    }
  }

  /**
   * Refuses an agent that would change a role of its own, or of who stands above it: what the role
   * no longer gives, they lose with their tokens.
   */
  void requireNotHeldAbove(Caller.Tenant caller, String role) {
    boolean held =
        acting(caller).bound().stream()
            .map(one -> chains.await(caller.org(), one.id()))
            .anyMatch(
                // Of whom nothing is known, nobody can say that they don't hold it.
                chain ->
                    chain.isEmpty()
                        || chain.stream().anyMatch(one -> one.state().roles().contains(role)));
    if (held) {
      throw refused(
          "an agent changes no role that is its own or of who stands above it: ask who sponsors"
              + " them");
    }
  }

  /** Refuses an agent that would spend what is neither its own nor of one under it. */
  void requireReach(Caller.Tenant caller, IdentityState spender) {
    if (!acting(caller).reaches(spender.sponsorChain())) {
      throw refused("an agent spends for itself and for those under it");
    }
  }

  /** Refuses an agent what is nobody's under it, such as rules that bind the organisation. */
  void requireNoAgent(Caller.Tenant caller, String detail) {
    if (acting(caller).isUnderAgents()) {
      throw refused(detail);
    }
  }

  /** The chain of an identity, the human first; of itself alone when nobody knows it. */
  List<String> sponsorChain(String org, String id) {
    List<Agent> chain = chains.await(org, id);
    return chain.isEmpty() ? List.of(id) : chain.getLast().sponsorChain();
  }

  static RefusedException refused(String detail) {
    return new RefusedException(ErrorCode.SCOPE_ESCALATION, detail);
  }
}
