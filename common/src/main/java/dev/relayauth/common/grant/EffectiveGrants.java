package dev.relayauth.common.grant;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The scopes an identity holds: its direct scopes and those of its roles, within the same of every
 * ancestor.
 *
 * @param scopes the scopes; for an issuer-named identity the boundary of its ancestors
 * @param issuerNamed whether the identity has no standing grants, so that a token for it carries
 *     what its issuer names within {@code scopes}
 */
public record EffectiveGrants(ScopeSet scopes, boolean issuerNamed) {
  private static final ScopeSet EVERYTHING = ScopeSet.of(List.of("*"));

  /**
   * Computes them.
   *
   * @param chain the identity after its ancestors, the topmost agent first
   * @param roleScopes what a role gives an identity, by its id; nothing for one that is gone
   */
  public static EffectiveGrants of(
      List<IdentityState> chain, BiFunction<IdentityState, String, List<String>> roleScopes) {
    ScopeSet boundary = EVERYTHING;
    boolean issuerNamed = false;
    for (IdentityState identity : chain) {
      // An ancestor that never had grants narrows nothing by itself: its issuers did.
      issuerNamed = identity.issuerScoped();
      if (!issuerNamed) {
        boundary = own(identity, roleScopes).intersection(boundary);
      }
    }
    return new EffectiveGrants(boundary, issuerNamed);
  }

  /** An identity's own grants, before any ancestor narrows them. */
  public static ScopeSet own(
      IdentityState identity, BiFunction<IdentityState, String, List<String>> roleScopes) {
    List<Scope> scopes = new ArrayList<>(ScopeSet.lenient(identity.scopes()).stream().toList());
    for (String role : identity.roles()) {
      scopes.addAll(ScopeSet.lenient(roleScopes.apply(identity, role)).stream().toList());
    }
    return ScopeSet.ofScopes(scopes);
  }
}
