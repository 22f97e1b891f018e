package dev.relayauth.sdk.verify;

import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Claims;
import java.time.Instant;
import java.util.List;

/** A token that may be believed now. */
public record VerifiedToken(Claims claims, ScopeSet scopes) {

  /** The agent. */
  public String subject() {
    return claims.sub();
  }

  /** The human who answers for it. */
  public String human() {
    return claims.sponsorChain().get(0);
  }

  /** From the human to the agent. */
  public List<String> sponsorChain() {
    return claims.sponsorChain();
  }

  /** The organisation. */
  public String organization() {
    return claims.org();
  }

  /** When it ends. */
  public Instant expiresAt() {
    return Instant.ofEpochSecond(claims.exp());
  }

  /** Whether its scopes cover {@code scope}. A scope that is not one is covered by nothing. */
  public boolean covers(String scope) {
    try {
      return scopes.covers(Scope.parse(scope));
    } catch (InvalidScopeException e) {
      return false;
    }
  }
}
