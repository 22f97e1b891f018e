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
    Outcome<ScopeSet> chosen =
        requested.isEmpty() && delegation.narrows()
            ? allowance.narrow(credential)
            : choose(requested, allowance, credential);
    return delegation.within().isEmpty()
        ? chosen
        : chosen.then(scopes -> at(delegation.within().get(), requested, scopes));
  }

  /**
   * The scopes at the paths that the client names; a scope that names no path is meant at these.
   * Refused when a path is in none of the scopes as a whole, or a named scope goes beyond the
   * paths.
   */
  private static Outcome<ScopeSet> at(
      ScopeSet paths, Optional<ScopeSet> requested, ScopeSet scopes) {
    Optional<Scope> beyond =
        requested.stream()
            .flatMap(ScopeSet::stream)
            .filter(scope -> !scope.path().equals(ANYWHERE) && !paths.covers(scope))
            .findFirst();
    if (beyond.isPresent()) {
      return Outcome.refuse(Refusal.lacking(beyond.get(), paths, "/paths"));
    }
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
