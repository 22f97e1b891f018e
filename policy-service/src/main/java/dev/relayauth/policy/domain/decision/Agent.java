package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.scope.ScopeSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An identity as decisions see it: its state, and its direct scopes read once. */
public final class Agent {
  private final IdentityState state;
  private volatile @Nullable ScopeSet direct;

  /** The agent of that state. */
  public Agent(IdentityState state) {
    this.state = state;
  }

  /** The state it was made of. */
  public IdentityState state() {
    return state;
  }

  /** Its id. */
  public String id() {
    return state.id();
  }

  /** Its direct scopes; one that can't be read grants nothing and disables no other. */
  public ScopeSet direct() {
    ScopeSet known = direct;
    if (known == null) {
      known = ScopeSet.lenient(state.scopes());
      direct = known;
    }
    return known;
  }

  /** Whether it never had standing grants, so that a token carries what its issuer named. */
  public boolean isIssuerScoped() {
    return state.issuerScoped();
  }

  /** First the human, last itself. */
  public List<String> sponsorChain() {
    return state.sponsorChain();
  }

  /** How many identities the chain has: 1 right under the human. */
  int depth() {
    return state.sponsorChain().size() - 1;
  }

  @Override
  public String toString() {
    return "Agent[" + state.orgId() + "/" + state.id() + "]";
  }
}
