package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.policy.domain.decision.Explanation.NearestMiss;
import org.jspecify.annotations.Nullable;

/** Finds the scope that covers the most leading segments of a request. */
final class NearestScope {
  private static final String[] SEGMENTS = {"plane", "resource", "action", "path"};

  private final Scope requested;
  private int closest = -1;
  private @Nullable NearestMiss miss;

  NearestScope(Scope requested) {
    this.requested = requested;
  }

  void consider(ScopeSet scopes, String source) {
    scopes.stream()
        .filter(scope -> !scope.covers(requested))
        .forEach(
            scope -> {
              int covered = covered(scope);
              if (covered > closest) {
                closest = covered;
                miss = new NearestMiss(scope.raw(), source, SEGMENTS[covered]);
              }
            });
  }

  @Nullable NearestMiss found() {
    return miss;
  }

  private int covered(Scope scope) {
    if (!isSame(scope.plane(), requested.plane())) {
      return 0;
    }
    if (!isSame(scope.resource(), requested.resource())) {
      return 1;
    }
    Scope anyPath = Scope.parse("x:x:" + scope.action());
    return anyPath.covers(Scope.parse("x:x:" + requested.action())) ? 3 : 2;
  }

  private static boolean isSame(String granted, String wanted) {
    return granted.equals("*") || granted.equals(wanted);
  }
}
