package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.scope.ScopeSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The credential that issues: nothing it issues may do more than it, or lives on when it is
 * revoked.
 *
 * @param lineage its id, those of all that it descends from, and who issues by it
 * @param end when it ends, and with it all that it issued; empty for one that ends by revocation
 */
public record Credential(ScopeSet scopes, List<String> lineage, Optional<Instant> end) {
  /** Copies the lineage. */
  public Credential {
    lineage = List.copyOf(lineage);
  }

  /** A credential that what it issues may outlive, unless it is revoked. */
  public Credential(ScopeSet scopes, List<String> lineage) {
    this(scopes, lineage, Optional.empty());
  }

  /** A credential with an end that nothing of it outlives. */
  public static Credential until(Instant end, ScopeSet scopes, List<String> lineage) {
    return new Credential(scopes, lineage, Optional.of(end));
  }
}
