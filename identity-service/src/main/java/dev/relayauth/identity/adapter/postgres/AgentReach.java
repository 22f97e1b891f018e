package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.credential.Acting;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.identity.adapter.postgres.Escalation.EscalationException;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds agents to {@link Acting}'s rule: whoever acts as one makes only what stands under it, sets
 * limits only of those, and changes neither itself nor who stands above it. Else it could make a
 * peer that its own budget and end don't bind, or shake off who answers for it.
 */
@Singleton
final class AgentReach {
  private final IdentityStore identities;

  AgentReach(IdentityStore identities) {
    this.identities = identities;
  }

  /**
   * Who acts for a caller.
   *
   * @throws dev.relayauth.common.error.RefusedException with 404 when nobody knows the identity
   */
  Acting acting(Transaction tx, Caller.Tenant caller) throws SQLException {
    return acting(tx, caller.org(), Acting.ids(caller));
  }

  /** The same by the ids of those who act. */
  Acting acting(Transaction tx, String org, List<String> ids) throws SQLException {
    Map<String, List<IdentityState>> chains = new HashMap<>();
    for (String id : ids) {
      chains.put(id, chain(tx, org, id));
    }
    return Acting.of(ids, id -> chains.getOrDefault(id, List.of()));
  }

  private List<IdentityState> chain(Transaction tx, String org, String id) throws SQLException {
    List<String> chain = identities.require(tx, org, id).state().sponsorChain();
    return identities.chain(tx, org, chain.subList(1, chain.size()));
  }

  /** Refuses an agent that would put somebody elsewhere than under itself. */
  void requireUnder(Transaction tx, Caller.Tenant caller, List<String> sponsorsChain)
      throws SQLException {
    Acting acting = acting(tx, caller);
    if (!acting.reaches(sponsorsChain)) {
      throw EscalationException.outOfReach(
          "an agent sponsors only from its own place: name "
              + acting.names()
              + " or one under it as sponsorId");
    }
  }

  /** Refuses an agent that would set limits of anybody but those under it. */
  void requireAbove(Transaction tx, Caller.Tenant caller, IdentityState limited)
      throws SQLException {
    if (!acting(tx, caller).isAbove(limited.sponsorChain())) {
      throw EscalationException.outOfReach(
          "an agent sets the budget and the end only of those under it: ask who sponsors "
              + limited.id());
    }
  }

  /** Refuses an agent that would change itself, or an identity or human above it. */
  void requireNotOver(Transaction tx, Caller.Tenant caller, String changed) throws SQLException {
    if (acting(tx, caller).hasSelfOrAbove(changed)) {
      throw EscalationException.outOfReach(
          "an agent changes neither itself nor who stands above it: ask who sponsors " + changed);
    }
  }
}
