package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.identity.adapter.postgres.Escalation.EscalationException;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * How far a caller reaches that acts as an agent: to itself and to those under it. Else it could
 * make a peer that its own budget and end don't bind, and go on as that one. What an agent has made
 * is bound as the agent is, whatever its type; people, services and keys that name no identity are
 * not.
 */
@Singleton
final class AgentReach {
  private final IdentityStore identities;

  AgentReach(IdentityStore identities) {
    this.identities = identities;
  }

  /**
   * The agent that acts.
   *
   * @param sponsorChain the human first, itself last
   */
  record Acting(String id, List<String> sponsorChain) {
    /** Whether that chain is its own or of one under it. */
    boolean reaches(List<String> chain) {
      return chain.contains(id);
    }

    /** Whether that chain is of one under it. */
    boolean isAbove(List<String> chain) {
      return chain.contains(id) && !chain.getLast().equals(id);
    }
  }

  /**
   * The agent as which the caller acts, if it does.
   *
   * @throws dev.relayauth.common.error.RefusedException with 404 when nobody knows the identity
   */
  Optional<Acting> acting(Transaction tx, Caller.Tenant caller) throws SQLException {
    List<String> called = caller.sponsorChain();
    String actor = called.isEmpty() ? caller.sponsorId() : called.getLast();
    if (!actor.startsWith(IdPrefix.IDENTITY.text())) {
      return Optional.empty();
    }
    List<String> chain = identities.require(tx, caller.org(), actor).state().sponsorChain();
    return identities.chain(tx, caller.org(), chain.subList(1, chain.size())).stream()
            .anyMatch(identity -> identity.type() == IdentityState.Type.agent)
        ? Optional.of(new Acting(actor, chain))
        : Optional.empty();
  }

  /** Refuses an agent that would put somebody elsewhere than under itself. */
  void requireUnder(Transaction tx, Caller.Tenant caller, List<String> sponsorsChain)
      throws SQLException {
    Optional<Acting> acting = acting(tx, caller);
    if (acting.isPresent() && !acting.get().reaches(sponsorsChain)) {
      throw EscalationException.outOfReach(
          "an agent sponsors only from its own place: name "
              + acting.get().id()
              + " or one under it as sponsorId");
    }
  }

  /** Refuses an agent that would set limits of anybody but those under it. */
  void requireAbove(Transaction tx, Caller.Tenant caller, IdentityState limited)
      throws SQLException {
    Optional<Acting> acting = acting(tx, caller);
    if (acting.isPresent() && !acting.get().isAbove(limited.sponsorChain())) {
      throw EscalationException.outOfReach(
          "an agent sets the budget and the end only of those under it: ask who sponsors "
              + limited.id());
    }
  }
}
