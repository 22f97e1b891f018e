package dev.relayauth.token.domain.refreshing;

import dev.relayauth.common.scope.ScopeSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a client says beside its refresh token.
 *
 * @param jkt the key that it has proved to hold (RFC 9449 §5)
 * @param scopes the part of the scopes that it wants; all when it names none
 * @param audience the part of the audience that it wants; all when it names none
 * @param authenticated whether it authenticated as the client that the family was issued to
 * @param ip the address that it asks from
 */
public record RefreshRequest(
    Optional<String> jkt,
    Optional<ScopeSet> scopes,
    Set<String> audience,
    boolean authenticated,
    Optional<String> ip) {
  /** Copies the set. */
  public RefreshRequest {
    audience = Set.copyOf(audience);
  }

  /** Nothing else. */
  public static final RefreshRequest PLAIN =
      new RefreshRequest(Optional.empty(), Optional.empty(), Set.of(), false, Optional.empty());
}
