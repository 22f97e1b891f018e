package dev.relayauth.token.domain.refreshing;

import dev.relayauth.common.scope.ScopeSet;
import java.util.Optional;

/**
 * What a client says beside its refresh token.
 *
 * @param jkt the key that it has proved to hold (RFC 9449 §5)
 * @param scopes the part of the scopes that it wants; all when it names none
 * @param ip the address that it asks from
 */
public record RefreshRequest(Optional<String> jkt, Optional<ScopeSet> scopes, Optional<String> ip) {
  /** Nothing else. */
  public static final RefreshRequest PLAIN =
      new RefreshRequest(Optional.empty(), Optional.empty(), Optional.empty());
}
