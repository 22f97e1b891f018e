package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.credential.PublishedKeys;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.freshness.Freshness;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Expectations;
import dev.relayauth.common.token.TokenVerifier;
import dev.relayauth.common.token.Verification;
import dev.relayauth.policy.adapter.budget.BudgetGate;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.adapter.kafka.AuthorityProjection;
import dev.relayauth.policy.adapter.kafka.HumanProjection;
import dev.relayauth.policy.domain.approval.Approval;
import dev.relayauth.policy.domain.approval.ApprovalDesk.Outcome;
import dev.relayauth.policy.domain.decision.AccessSubject;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.decision.DecisionRecord.Origin;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import dev.relayauth.policy.domain.decision.PolicyDecisionPoint;
import dev.relayauth.policy.domain.decision.Reason;
import dev.relayauth.policy.domain.decision.Snapshot;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts questions to the decision point with all that this replica knows, from memory. Only a
 * signing key or an identity that nobody has seen here yet costs a call.
 */
@Singleton
public final class AccessDecisions {
  private final TokenVerifier tokens;
  private final PublishedKeys keys;
  private final AgentChains chains;
  private final HumanProjection humans;
  private final AuthorityProjection authorities;
  private final RevocationProjection revocations;
  private final Freshness freshness;
  private final KnownRevision revision;
  private final PolicyDecisionPoint decisionPoint;
  private final BudgetGate budgets;
  private final IdSource ids;
  private final InstantSource clock;
  private final ApprovalGate approvals;
  private final Expectations sentAsData;

  AccessDecisions(
      TokenVerifier tokens,
      PublishedKeys keys,
      AgentChains chains,
      HumanProjection humans,
      AuthorityProjection authorities,
      RevocationProjection revocations,
      Freshness freshness,
      KnownRevision revision,
      PolicyDecisionPoint decisionPoint,
      BudgetGate budgets,
      IdSource ids,
      InstantSource clock,
      ApprovalGate approvals,
      RelayAuthConfig config) {
    this.tokens = tokens;
    this.keys = keys;
    this.chains = chains;
    this.humans = humans;
    this.authorities = authorities;
    this.revocations = revocations;
    this.freshness = freshness;
    this.revision = revision;
    this.decisionPoint = decisionPoint;
    this.budgets = budgets;
    this.ids = ids;
    this.clock = clock;
    this.approvals = approvals;
    this.sentAsData = Expectations.data(config.issuer());
  }

  /** The id of a decision that is going to be made. */
  public String newId() {
    return ids.next(IdPrefix.DECISION);
  }

  /** Answers; fails only when a call was needed and the callee is away. */
  public CompletableFuture<Answer> answer(Asking asking, AccessQuery query) {
    return answer(asking, query, newId());
  }

  /** Answers under that id. */
  public CompletableFuture<Answer> answer(Asking asking, AccessQuery query, String id) {
    return answer(asking, query, id, token -> token);
  }

  /**
   * Answers, with a further condition on a good token.
   *
   * @param id of the decision
   * @param condition the token, or why it is refused here
   */
  public CompletableFuture<Answer> answer(
      Asking asking,
      AccessQuery query,
      String id,
      Function<Verification.Valid, Verification> condition) {
    if (asking.unproven()) {
      return CompletableFuture.completedFuture(untold(id, asking, query));
    }
    return resolve(asking.caller().org(), query, condition)
        .thenApply(request -> decide(id, request, null))
        .thenCompose(answer -> conclude(asking.origin(), answer));
  }

  /** Who asks what, as an answer would see it; fails like an answer does. */
  public CompletableFuture<DecisionRequest> resolve(
      String org, AccessQuery query, Function<Verification.Valid, Verification> condition) {
    String token = query.token();
    if (token == null) {
      String id = String.valueOf(query.identityId());
      return known(org, query, new AccessSubject.Named(id), id);
    }
    Verification first = tokens.verify(token, sentAsData);
    boolean unknownKey =
        first instanceof Verification.Invalid invalid
            && invalid.reason() == Verification.Reason.UNKNOWN_KEY;
    return unknownKey
        ? keys.refresh()
            .handle((done, failure) -> tokens.verify(token, sentAsData))
            .thenCompose(second -> resolved(org, query, restricted(second, condition)))
        : resolved(org, query, restricted(first, condition));
  }

  private static Verification restricted(
      Verification verification, Function<Verification.Valid, Verification> condition) {
    return switch (verification) {
      case Verification.Invalid invalid -> invalid;
      case Verification.Valid valid -> condition.apply(valid);
    };
  }

  private CompletableFuture<DecisionRequest> resolved(
      String org, AccessQuery query, Verification verification) {
    return switch (verification) {
      case Verification.Invalid invalid ->
          CompletableFuture.completedFuture(
              request(org, query, new AccessSubject.RefusedToken(invalid), List.of()));
      case Verification.Valid valid ->
          valid.claims().org().equals(org)
              ? bearer(org, valid)
                  .thenCompose(bearer -> known(org, query, bearer, valid.claims().sub()))
              : CompletableFuture.completedFuture(
                  request(org, query, new AccessSubject.Bearer(valid), List.of()));
    };
  }

  /** A token names who acts by it, not where they are. */
  private CompletableFuture<AccessSubject> bearer(String org, Verification.Valid token) {
    Actor act = token.claims().act();
    if (act == null) {
      return CompletableFuture.completedFuture(new AccessSubject.Bearer(token));
    }
    CompletableFuture<List<List<Agent>>> actors = CompletableFuture.completedFuture(List.of());
    for (String actor : act.subjects()) {
      actors =
          actors.thenCombine(
              chains.find(org, actor),
              (before, chain) ->
                  chain.isEmpty()
                      ? before
                      : Stream.concat(before.stream(), Stream.of(chain)).toList());
    }
    return actors.thenApply(found -> AccessSubject.Bearer.actedFor(token, found));
  }

  private CompletableFuture<DecisionRequest> known(
      String org, AccessQuery query, AccessSubject subject, String identityId) {
    // A human has no standing grants, so that only a token of theirs can be asked about.
    Optional<List<Agent>> human =
        subject instanceof AccessSubject.Bearer ? humans.chain(org, identityId) : Optional.empty();
    return human
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> chains.find(org, identityId))
        .thenApply(chain -> request(org, query, subject, chain));
  }

  private static DecisionRequest request(
      String org, AccessQuery query, AccessSubject subject, List<Agent> chain) {
    AccessSubject placed =
        subject instanceof AccessSubject.Bearer bearer ? bearer.placed(chain) : subject;
    return new DecisionRequest(org, placed, chain, query.scope(), query.context(), query.explain());
  }

  /** The deny of a caller that may be told nothing, as nobody knows whether it still may ask. */
  private Answer untold(String id, Asking asking, AccessQuery query) {
    String org = asking.caller().org();
    String named = query.identityId();
    AccessSubject subject =
        query.token() == null && named != null
            ? new AccessSubject.Named(named)
            : new AccessSubject.Unread();
    return decide(
        id,
        new DecisionRequest(org, subject, List.of(), query.scope(), query.context(), false),
        null,
        Reason.REVOCATION_FEED_STALE);
  }

  private Answer decide(String id, DecisionRequest request, @Nullable Approval approval) {
    return decide(id, request, approval, null);
  }

  private Answer decide(
      String id,
      DecisionRequest request,
      @Nullable Approval approval,
      @Nullable Reason staleAnyway) {
    KnownRevision.Known known = revision.now();
    Snapshot snapshot =
        staleAnyway == null
            ? snapshot(request.org())
            : new Snapshot(authorities.of(request.org()), revocations.set(), staleAnyway);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Decision decision = decisionPoint.decide(snapshot, request, now);
    long policyRevision = Math.max(known.policy(), snapshot.authority().revision());
    return new Answer(id, request, decision, policyRevision, known.text(), now, approval, null);
  }

  /** Only what wants a human leaves memory, and only when it is more than a question. */
  private CompletableFuture<Answer> conclude(Origin origin, Answer answer) {
    return answer.decision().reason() == Reason.APPROVAL_REQUIRED
        ? budgets
            .foretell(answer.request(), origin)
            .thenCompose(
                refusal ->
                    refusal.isPresent()
                        ? CompletableFuture.completedFuture(answer.with(refusal.get()))
                        : present(origin, answer))
        : spend(origin, answer);
  }

  /** Nobody is asked about what no budget has room for. */
  private CompletableFuture<Answer> present(Origin origin, Answer answer) {
    return answer.request().isDry()
        ? CompletableFuture.completedFuture(answer)
        : approvals.present(answer).thenCompose(outcome -> approve(origin, answer, outcome));
  }

  private CompletableFuture<Answer> approve(Origin origin, Answer answer, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Approved(var approval) ->
          spend(
                  origin,
                  decide(answer.decisionId(), answer.request().approvedBy(approval.id()), approval))
              .thenCompose(permit -> use(answer, permit));
      case Outcome.Waits(var approval) -> CompletableFuture.completedFuture(answer.with(approval));
      case Outcome.Overrun ignored -> CompletableFuture.completedFuture(answer);
    };
  }

  /** An approval is used by what every budget has room for alone; else nothing stays taken. */
  private CompletableFuture<Answer> use(Answer asked, Answer permit) {
    return permit.decision().isAllowed()
        ? approvals
            .use(asked)
            .thenCompose(
                used ->
                    used.isPresent()
                        ? CompletableFuture.completedFuture(permit.with(used.get()))
                        : budgets
                            .release(permit.request(), permit.spending(), permit.decisionId())
                            .thenApply(done -> asked))
        : CompletableFuture.completedFuture(permit);
  }

  /** A permit takes of the budgets of who acts, and is none when one has no room. */
  private CompletableFuture<Answer> spend(Origin origin, Answer answer) {
    return answer.decision().isAllowed()
        ? budgets
            .charge(answer.request(), origin)
            .thenApply(spending -> spending.map(answer::with).orElse(answer))
        : CompletableFuture.completedFuture(answer);
  }

  /** All that this replica knows of an organisation, as it is now. */
  public Snapshot snapshot(String org) {
    return new Snapshot(authorities.of(org), revocations.set(), stale());
  }

  private @Nullable Reason stale() {
    if (!freshness.isFresh(Topics.REVOCATION)) {
      return Reason.REVOCATION_FEED_STALE;
    }
    if (!freshness.isFresh(Topics.IDENTITY)) {
      return Reason.IDENTITY_FEED_STALE;
    }
    return freshness.isFresh(Topics.POLICY) ? null : Reason.POLICY_FEED_STALE;
  }
}
