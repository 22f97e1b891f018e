package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.scope.ScopeSet;
import java.util.List;

/**
 * The credential that issues: nothing it issues may do more than it, or lives on when it is
 * revoked.
 *
 * @param lineage its id, and those of all that it descends from
 */
public record Credential(ScopeSet scopes, List<String> lineage) {
  /** Copies the lineage. */
  public Credential {
    lineage = List.copyOf(lineage);
  }
}
