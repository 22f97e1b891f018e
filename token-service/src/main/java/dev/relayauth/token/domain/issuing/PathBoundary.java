package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.util.ArrayList;
import java.util.List;

/** The paths of a path token as a boundary: whatever the scope, on these alone. */
public final class PathBoundary {
  private static final int MAX_PATHS = 100;
  private static final String ANYTHING_AT = "*:*:*:";

  private PathBoundary() {}

  /** The boundary; {@code invalid_paths} unless each path is absolute and of the grammar. */
  public static Outcome<ScopeSet> of(List<String> paths) {
    if (paths.isEmpty() || paths.size() > MAX_PATHS) {
      return refuse("/paths must name 1 to " + MAX_PATHS + " paths");
    }
    List<Scope> scopes = new ArrayList<>(paths.size());
    for (String path : paths) {
      if (!path.startsWith("/")) {
        return refuse("/paths must be absolute");
      }
      try {
        scopes.add(Scope.parse(ANYTHING_AT + path));
      } catch (InvalidScopeException e) {
        return refuse("/paths has one that is not valid: " + e.reason());
      }
    }
    return Outcome.of(ScopeSet.ofScopes(scopes));
  }

  private static Outcome<ScopeSet> refuse(String detail) {
    return Outcome.refuse(Refusal.of(ErrorCode.INVALID_PATHS, detail));
  }
}
