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

  static Outcome<ScopeSet> choose(Optional<ScopeSet> requested, Chain chain, ScopeSet credential) {
    Optional<ScopeSet> boundary = chain.boundary();
    Optional<ScopeSet> wanted =
        requested.isPresent() || chain.isIssuerScoped() ? requested : boundary;
    if (wanted.isEmpty()) {
      return Outcome.refuse(
          Refusal.of(
              ErrorCode.VALIDATION_FAILED,
              "/scopes is required: the identity has no scopes of its own"));
    }
    if (wanted.get().isEmpty()) {
      return Outcome.refuse(nothing());
    }
    if (boundary.isPresent()) {
      Optional<Scope> excess = boundary.get().firstNotCovered(wanted.get());
      if (excess.isPresent()) {
        return Outcome.refuse(Refusal.lacking(excess.get(), boundary.get(), "the identity"));
      }
    }
    Optional<Scope> excess = credential.firstNotCovered(wanted.get());
    return excess.isPresent()
        ? Outcome.refuse(Refusal.lacking(excess.get(), credential, "the presented credential"))
        : Outcome.of(wanted.get());
  }

  static Refusal nothing() {
    return new Refusal(
        ErrorCode.INSUFFICIENT_SCOPE,
        "the identity has no grants",
        Map.of("required", "any scope", "actual", List.of()));
  }
}
