package dev.relayauth.policy.domain.administration;

import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.util.List;
import java.util.Optional;

/** Nobody writes a rule about what they don't hold themselves. */
public final class Authorship {
  /** Most scopes of a role or policy. */
  public static final int MAX_SCOPES = 200;

  private Authorship() {}

  /**
   * The first of {@code written} that the author doesn't hold.
   *
   * @throws dev.relayauth.common.scope.InvalidScopeException for the first that is no scope
   */
  public static Optional<Scope> firstNotHeld(ScopeSet author, List<String> written) {
    return author.firstNotCovered(ScopeSet.of(written));
  }

  static void checkScopes(List<String> scopes, Faults faults) {
    if (scopes.isEmpty()) {
      faults.note("/scopes", "needs one scope at least");
    }
    if (scopes.size() > MAX_SCOPES) {
      faults.note("/scopes", "may have " + MAX_SCOPES + " items at most");
    }
    scopes.forEach(Scope::parse);
  }
}
