package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which scopes a token gets: what was asked for or all there is, never a silent part of it. */
final class ScopeChoice {
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
    return chosen.then(scopes -> within(delegation, scopes));
  }

  /** The client's own narrowing: what it leaves is what was asked for. */
  private static Outcome<ScopeSet> within(Delegation delegation, ScopeSet scopes) {
    ScopeSet left = delegation.within().map(scopes::intersection).orElse(scopes);
    return left.isEmpty() ? Outcome.refuse(nothing()) : Outcome.of(left);
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
