package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.grant.EffectiveGrants;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an identity may be issued: its effective grants, less what a policy denies it as things are.
 */
public record Allowance(EffectiveGrants grants, List<DenyRule> denials) {
  /** Copies the rules. */
  public Allowance {
    denials = List.copyOf(denials);
  }

  /**
   * The allowance of the last of a chain, as things are at the moment.
   *
   * @param actors whom the token tells of beside its subject: a deny of one of them binds it too
   */
  public static Allowance of(
      Chain chain, List<String> actors, GrantSource source, Instant time, Optional<String> ip) {
    String org = chain.self().orgId();
    Circumstances now = new Circumstances(chain.self(), actors, time, ip);
    return new Allowance(
        EffectiveGrants.of(chain.identities(), source::roleScopes),
        source.denials(org).stream()
            .filter(rule -> rule.concerns(chain.self()) || rule.namesOneOf(actors))
            .filter(rule -> rule.appliesIn(now))
            .toList());
  }

  /** Whether it has no standing grants, so that a token carries what its issuer names. */
  boolean issuerNamed() {
    return grants.issuerNamed();
  }

  /** All it may be issued. */
  ScopeSet standing() {
    return undenied(grants.scopes());
  }

  /** These, when it may be issued each of them. */
  Outcome<ScopeSet> check(ScopeSet wanted) {
    Optional<Scope> excess = grants.scopes().firstNotCovered(wanted);
    if (excess.isPresent()) {
      return Outcome.refuse(Refusal.lacking(excess.get(), grants.scopes(), "the identity"));
    }
    return wanted.stream()
        .filter(this::isDenied)
        .findFirst()
        .map(scope -> Outcome.<ScopeSet>refuse(denied(scope)))
        .orElseGet(() -> Outcome.of(wanted));
  }

  /** The part of {@code held} that is granted still, whatever denies refuse of it now. */
  public ScopeSet granted(ScopeSet held) {
    return held.intersection(grants.scopes());
  }

  /** The part of {@code held} that is still allowed; refused when that is nothing. */
  public Outcome<ScopeSet> narrow(ScopeSet held) {
    ScopeSet left = undenied(granted(held));
    return left.isEmpty() ? Outcome.refuse(ScopeChoice.nothing()) : Outcome.of(left);
  }

  private ScopeSet undenied(ScopeSet scopes) {
    return denials.isEmpty()
        ? scopes
        : ScopeSet.ofScopes(scopes.stream().filter(scope -> !isDenied(scope)).toList());
  }

  private boolean isDenied(Scope scope) {
    return denials.stream().anyMatch(rule -> rule.denies(scope));
  }

  private Refusal denied(Scope scope) {
    return new Refusal(
        ErrorCode.INSUFFICIENT_SCOPE,
        "a policy denies " + scope.raw(),
        Map.of("required", scope.raw(), "actual", standing().toList()));
  }
}
