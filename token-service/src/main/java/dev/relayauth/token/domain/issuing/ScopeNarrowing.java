package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.scope.ScopeSet;

/** What is left of scopes once granted, under the grants of the moment. */
public final class ScopeNarrowing {
  private ScopeNarrowing() {}

  /** The part of {@code held} that the chain still allows; refused when that is nothing. */
  public static Outcome<ScopeSet> narrow(ScopeSet held, Chain chain) {
    ScopeSet left = chain.boundary().map(held::intersection).orElse(held);
    return left.isEmpty() ? Outcome.refuse(ScopeChoice.nothing()) : Outcome.of(left);
  }
}
