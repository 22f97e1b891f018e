package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.scope.ScopeSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a client asks for; what it leaves out has a default.
 *
 * @param audience empty for the planes of the scopes
 */
public record IssueRequest(
    Optional<ScopeSet> scopes,
    List<String> audience,
    Optional<Duration> accessTtl,
    Optional<Duration> refreshTtl) {
  /** Copies the audience. */
  public IssueRequest {
    audience = List.copyOf(audience);
  }
}
