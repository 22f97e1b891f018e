package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Which scopes a token gets: what was asked for or all there is, never a silent part of it. */
final class ScopeChoice {
  private static final String ANYWHERE = "*";

  private ScopeChoice() {}

  static Outcome<ScopeSet> choose(
      Optional<ScopeSet> requested,
      Allowance allowance,
      ScopeSet credential,
      Delegation delegation) {
    boolean narrows = requested.isEmpty() && delegation.narrows();
    if (delegation.within().isEmpty()) {
      return narrows ? allowance.narrow(credential) : choose(requested, allowance, credential);
    }
    ScopeSet paths = delegation.within().get();
    return narrows
        ? allowance.narrow(credential).then(scopes -> at(paths, scopes))
        : meant(requested, paths)
            .then(named -> choose(named, allowance, credential))
            .then(scopes -> at(paths, scopes));
  }

  /**
   * What scopes mean beside paths: one that names no path is meant at these. Refused when one goes
   * beyond them.
   */
  private static Outcome<Optional<ScopeSet>> meant(Optional<ScopeSet> requested, ScopeSet paths) {
    Optional<Scope> beyond =
        requested.stream()
            .flatMap(ScopeSet::stream)
            .filter(scope -> !scope.path().equals(ANYWHERE) && !paths.covers(scope))
            .findFirst();
    return beyond.isPresent()
        ? Outcome.refuse(Refusal.lacking(beyond.get(), paths, "/paths"))
        : Outcome.of(requested.map(scopes -> scopes.intersection(paths)));
  }

  /**
   * The scopes at the paths that the client names. Refused when a path is in none of them as a
   * whole.
   */
  private static Outcome<ScopeSet> at(ScopeSet paths, ScopeSet scopes) {
    Optional<Scope> uncovered =
        paths.stream().filter(path -> scopes.stream().noneMatch(at(path))).findFirst();
    return uncovered.isPresent()
        ? Outcome.refuse(Refusal.lacking(uncovered.get(), scopes, "what may be given at /paths"))
        : Outcome.of(scopes.intersection(paths));
  }

  /** Whether a scope has the whole of a path: what it has there is no narrower. */
  private static Predicate<Scope> at(Scope path) {
    return scope -> scope.meet(path).filter(there -> there.path().equals(path.path())).isPresent();
  }

  private static Outcome<ScopeSet> choose(
      Optional<ScopeSet> requested, Allowance allowance, ScopeSet credential) {
    if (requested.isEmpty() && allowance.issuerNamed()) {
      return Outcome.refuse(
          Refusal.of(
              ErrorCode.VALIDATION_FAILED,
              "/scopes is required: the identity has no scopes of its own"));
    }
    ScopeSet wanted = requested.orElseGet(allowance::standing);
    if (wanted.isEmpty()) {
      return Outcome.refuse(nothing());
    }
    return allowance.check(wanted).then(allowed -> within(allowed, credential));
  }

  private static Outcome<ScopeSet> within(ScopeSet wanted, ScopeSet credential) {
    Optional<Scope> excess = credential.firstNotCovered(wanted);
    return excess.isPresent()
        ? Outcome.refuse(Refusal.lacking(excess.get(), credential, "the presented credential"))
        : Outcome.of(wanted);
  }

  static Refusal nothing() {
    return new Refusal(
        ErrorCode.INSUFFICIENT_SCOPE,
        "there is nothing that the identity may be given",
        Map.of("required", "any scope", "actual", List.of()));
  }
}
