package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.PolicyState.Effect;
import dev.relayauth.common.revocation.RevocationSubject;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Verification;
import dev.relayauth.policy.domain.decision.AccessSubject.Bearer;
import dev.relayauth.policy.domain.decision.AccessSubject.Named;
import dev.relayauth.policy.domain.decision.AccessSubject.RefusedToken;
import dev.relayauth.policy.domain.decision.AccessSubject.Unread;
import dev.relayauth.policy.domain.decision.Decision.Deny;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides: the same answer for the same snapshot, request and moment, with or without an
 * explanation. What is revoked, inactive, stale or unforeseen is denied; then any matching deny
 * wins, the organisation's first; then a grant must cover the request, and allow policies about it
 * must let it through.
 */
public final class PolicyDecisionPoint {
  private static final System.Logger LOG = System.getLogger(PolicyDecisionPoint.class.getName());

  private final InstantSource clock;

  /** A decision point with that clock. */
  public PolicyDecisionPoint(InstantSource clock) {
    this.clock = clock;
  }

  /** Decides. Never throws: a failure is a deny. */
  public Decision decide(Snapshot snapshot, DecisionRequest request) {
    return decide(snapshot, request, clock.instant());
  }

  /** Decides as at {@code now}. Never throws: a failure is a deny. */
  public Decision decide(Snapshot snapshot, DecisionRequest request, Instant now) {
    try {
      Decision decision = conclude(snapshot, request, now);
      return request.explain()
          ? decision.explainedBy(Explainer.explain(snapshot, request, now, decision))
          : decision;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a decision failed and denies", e);
      return Deny.because(Reason.INTERNAL_ERROR);
    }
  }

  private static Decision conclude(Snapshot snapshot, DecisionRequest request, Instant now) {
    Optional<Reason> refusal = refusal(snapshot, request, now);
    if (refusal.isPresent()) {
      return Deny.because(refusal.get());
    }
    Facts facts = Facts.of(request, now);
    for (Layer layer : Layer.values()) {
      Rule deny = strongestDeny(snapshot.authority().index(), layer, facts, request.scope());
      if (deny != null) {
        return new Deny(layer.deny(), Matched.of(deny), null);
      }
    }
    return grant(snapshot.authority(), request, facts);
  }

  /** Why the subject may do nothing at all. */
  private static Optional<Reason> refusal(Snapshot snapshot, DecisionRequest request, Instant now) {
    Optional<Reason> refused =
        switch (request.subject()) {
          case RefusedToken refusedToken -> Optional.of(reason(refusedToken.refusal()));
          case Bearer bearer when !bearer.token().claims().org().equals(request.org()) ->
              Optional.of(Reason.ORG_MISMATCH);
          case Bearer ignored -> snapshot.staleness();
          case Named ignored -> snapshot.staleness();
          case Unread ignored -> Optional.of(snapshot.staleness().orElse(Reason.TOKEN_INVALID));
        };
    if (refused.isPresent()) {
      return refused;
    }
    Optional<Reason> inactive = inactive(request.chain(), now);
    return inactive.isPresent() ? inactive : revoked(snapshot, request);
  }

  private static Reason reason(Verification.Invalid refusal) {
    return refusal.reason() == Verification.Reason.EXPIRED
        ? Reason.TOKEN_EXPIRED
        : Reason.TOKEN_INVALID;
  }

  /** Whoever acts must be active, and so must everyone above. */
  private static Optional<Reason> inactive(List<Agent> chain, Instant now) {
    if (chain.isEmpty() || chain.getLast().state().status() == IdentityState.Status.deleted) {
      return Optional.of(Reason.IDENTITY_NOT_FOUND);
    }
    for (Agent agent : chain) {
      Reason reason =
          switch (agent.state().status()) {
            case active -> hasEnded(agent, now) ? Reason.IDENTITY_RETIRED : null;
            case suspended -> Reason.IDENTITY_SUSPENDED;
            case retired, deleted -> Reason.IDENTITY_RETIRED;
          };
      if (reason != null) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }

  private static boolean hasEnded(Agent agent, Instant now) {
    Instant end = agent.state().expiresAt();
    return end != null && !now.isBefore(end);
  }

  private static Optional<Reason> revoked(Snapshot snapshot, DecisionRequest request) {
    return switch (request.subject()) {
      case Bearer bearer ->
          snapshot.revocations().match(bearer.token()).map(entry -> Reason.TOKEN_REVOKED);
      case RefusedToken refused -> Optional.of(reason(refused.refusal()));
      case Unread ignored -> Optional.of(Reason.TOKEN_INVALID);
      case Named named -> {
        // Nothing is presented: only what is closed to all tokens counts.
        IdentityState state = request.chain().getLast().state();
        RevocationSubject subject =
            RevocationSubject.ofCredential(
                request.org(), named.identityId(), state.workspaceId(), state.sponsorChain());
        yield snapshot.revocations().match(subject).map(entry -> Reason.IDENTITY_SUSPENDED);
      }
    };
  }

  private static @Nullable Rule strongestDeny(
      DecisionIndex index, Layer layer, Facts facts, Scope requested) {
    Strongest strongest = new Strongest(facts);
    index.candidates(layer, Effect.deny, facts, requested, strongest::consider);
    return strongest.rule;
  }

  /** Keeps the first in order of the rules that match, and asks no condition in vain. */
  private static final class Strongest {
    private final Facts facts;
    private @Nullable Rule rule;

    Strongest(Facts facts) {
      this.facts = facts;
    }

    void consider(Rule candidate) {
      Rule known = rule;
      if ((known == null || Rule.BY_PRIORITY.compare(candidate, known) < 0)
          && candidate.matches(facts)) {
        rule = candidate;
      }
    }
  }

  private static Decision grant(Authority authority, DecisionRequest request, Facts facts) {
    ScopeSet token = tokenScopes(request.subject());
    Optional<Matched> grant =
        Grants.find(request.chain(), authority.roles(), token, request.scope());
    boolean inToken = token == null || token.covers(request.scope());
    if (grant.isEmpty() || !inToken) {
      return Deny.because(grant.isPresent() ? Reason.SCOPE_NOT_IN_TOKEN : Reason.IMPLICIT_DENY);
    }
    return Allowance.of(authority.index(), facts, request.scope()).decide(grant.get(), request);
  }

  private static @Nullable ScopeSet tokenScopes(AccessSubject subject) {
    return subject instanceof Bearer bearer ? bearer.token().scopes() : null;
  }
}
