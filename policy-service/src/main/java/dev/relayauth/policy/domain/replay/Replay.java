package dev.relayauth.policy.domain.replay;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.Verification;
import dev.relayauth.policy.domain.decision.AccessSubject;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.Authority;
import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import dev.relayauth.policy.domain.decision.PolicyDecisionPoint;
import dev.relayauth.policy.domain.decision.Reason;
import dev.relayauth.policy.domain.decision.RequestContext;
import dev.relayauth.policy.domain.decision.Snapshot;
import dev.relayauth.policy.domain.replay.RecordedInputs.TokenInput;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts recorded questions to the decision point again. Dry: nothing comes of it but the answer. */
public final class Replay {
  private static final Duration LIFE = Duration.ofDays(1);

  private final PolicyDecisionPoint point;

  /** Asks this decision point. */
  public Replay(PolicyDecisionPoint point) {
    this.point = point;
  }

  /**
   * The same question of the same identities at the same moment, under these roles and policies.
   */
  public Decision under(RecordedDecision recorded, RecordedInputs inputs, Authority authority) {
    return under(recorded, inputs, authority, false);
  }

  /** The same, explained. */
  public Decision explained(RecordedDecision recorded, RecordedInputs inputs, Authority authority) {
    return under(recorded, inputs, authority, true);
  }

  private Decision under(
      RecordedDecision recorded, RecordedInputs inputs, Authority authority, boolean explain) {
    List<Agent> chain = inputs.chain().stream().map(Agent::new).toList();
    Snapshot snapshot =
        new Snapshot(authority, revocations(recorded, inputs), stale(recorded.outcome().reason()));
    return point.decide(snapshot, request(recorded, inputs, chain, explain), recorded.at());
  }

  /** The same question of the identities of today, under all that holds today, explained. */
  public Decision today(
      RecordedDecision recorded, RecordedInputs inputs, List<Agent> chain, Snapshot snapshot) {
    return point.decide(snapshot, request(recorded, inputs, chain, true), recorded.at());
  }

  private static DecisionRequest request(
      RecordedDecision recorded, RecordedInputs inputs, List<Agent> chain, boolean explain) {
    Map<String, @Nullable Object> sent = new HashMap<>(inputs.context());
    RequestContext context =
        RequestContext.read(
            sent,
            (pointer, detail) -> {
              // It was good when it was recorded; what is asked for may have narrowed since.
            });
    return new DecisionRequest(
        recorded.org(),
        subject(recorded, inputs, chain),
        chain,
        Scope.parse(recorded.scope()),
        context,
        explain,
        inputs.approvalId());
  }

  private static AccessSubject subject(
      RecordedDecision recorded, RecordedInputs inputs, List<Agent> chain) {
    if (inputs.refused() != null) {
      return new AccessSubject.RefusedToken(
          new Verification.Invalid(Verification.Reason.valueOf(inputs.refused()), "recorded"));
    }
    TokenInput token = inputs.token();
    return token == null
        ? new AccessSubject.Named(String.valueOf(inputs.identityId()))
        : new AccessSubject.Bearer(token(recorded, token, chain), token.actorPlaces());
  }

  private static Verification.Valid token(
      RecordedDecision recorded, TokenInput token, List<Agent> chain) {
    String subject = String.valueOf(recorded.identityId());
    List<String> sponsors =
        chain.isEmpty() ? List.of("user_unknown", subject) : chain.getLast().sponsorChain();
    Claims claims =
        Claims.builder()
            .iss("recorded")
            .sub(subject)
            .aud(List.of("relayauth"))
            .iat(token.iat())
            .nbf(token.iat())
            .exp(token.iat() + LIFE.toSeconds())
            .jti(token.jti().isEmpty() ? "tok_unknown" : token.jti())
            .clientId(subject)
            .scopes(token.scopes())
            .org(token.org().isEmpty() ? "org_unknown" : token.org())
            .wks(chain.isEmpty() ? null : chain.getLast().state().workspaceId())
            .sid(token.sid().isEmpty() ? "sess_unknown" : token.sid())
            .sponsorId(sponsors.get(sponsors.size() - 2))
            .sponsorChain(sponsors)
            .rev(token.rev())
            .jkt(token.jkt())
            .act(actor(token.actors()))
            .build();
    return new Verification.Valid(
        claims, ScopeSet.lenient(token.scopes()), "recorded", JwtType.JWT, "{}");
  }

  private static @Nullable Actor actor(List<String> ids) {
    Actor actor = null;
    for (String id : ids.reversed()) {
      actor = new Actor(id, List.of(), actor);
    }
    return actor;
  }

  /** What stood against the subject then, as one entry. */
  private static RevocationSet revocations(RecordedDecision recorded, RecordedInputs inputs) {
    RevocationSet set = new RevocationSet();
    if (inputs.revoked() && !inputs.chain().isEmpty()) {
      IdentityState self = inputs.chain().getLast();
      set.apply(
          new RevocationEntry(
              recorded.org(),
              RevocationKind.IDENTITY,
              self.id(),
              1,
              true,
              recorded.at().plus(LIFE)));
    }
    return set;
  }

  /** A feed that was too old then is an input like any other. */
  private static @Nullable Reason stale(String reason) {
    return Arrays.stream(Reason.values())
        .filter(known -> known.slug().equals(reason) && reason.endsWith("_feed_stale"))
        .findFirst()
        .orElse(null);
  }
}
