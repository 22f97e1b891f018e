package dev.relayauth.policy.domain.replay;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.token.Verification;
import dev.relayauth.policy.domain.decision.AccessSubject;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import dev.relayauth.policy.domain.decision.Reason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision looked at, beside the roles and policies, which their revision names.
 *
 * @param token what the token said, when one was presented and believed
 * @param refused why the token was not believed
 * @param identityId the identity asked about by its name
 * @param chain the identity after its ancestors, as they stood
 * @param revoked whether a revocation stood against the subject
 * @param approvalId the approval that the request passed by
 */
public record RecordedInputs(
    Map<String, Object> context,
    @Nullable TokenInput token,
    @Nullable String refused,
    @Nullable String identityId,
    List<IdentityState> chain,
    boolean revoked,
    @Nullable String approvalId) {

  /** Copies the collections. */
  public RecordedInputs {
    context = Map.copyOf(context);
    chain = List.copyOf(chain);
  }

  /**
   * What decisions read of a token.
   *
   * @param org the organisation it is of
   * @param actors who acts for the subject, and the agents above them
   * @param actorPlaces the workspaces of those, as {@link AccessSubject.Bearer} has them
   */
  public record TokenInput(
      String org,
      String jti,
      String sid,
      List<String> scopes,
      long iat,
      long rev,
      @Nullable String jkt,
      List<String> actors,
      List<String> actorPlaces) {
    /** Copies the lists. */
    public TokenInput {
      scopes = List.copyOf(scopes);
      actors = List.copyOf(actors);
      actorPlaces = List.copyOf(actorPlaces);
    }
  }

  /** The inputs of a decision that has just been made. */
  public static RecordedInputs of(DecisionRequest request, Decision decision) {
    return new RecordedInputs(
        request.context().attributes(),
        token(request),
        request.subject() instanceof AccessSubject.RefusedToken refused
            ? refused.refusal().reason().name()
            : null,
        request.subject() instanceof AccessSubject.Named named ? named.identityId() : null,
        request.chain().stream().map(Agent::state).toList(),
        isRevoked(request, decision),
        request.approvalId());
  }

  private static @Nullable TokenInput token(DecisionRequest request) {
    if (!(request.subject() instanceof AccessSubject.Bearer bearer)) {
      return null;
    }
    Verification.Valid token = bearer.token();
    boolean ours = token.claims().org().equals(request.org());
    return ours
        ? new TokenInput(
            request.org(),
            token.claims().jti(),
            token.claims().sid(),
            token.claims().scopes(),
            token.claims().iat(),
            token.claims().rev(),
            token.claims().jkt(),
            token.claims().actors(),
            bearer.actorPlaces())
        : new TokenInput("", "", "", List.of(), 0, 0, null, List.of(), List.of());
  }

  /** A suspension that no identity of the chain shows is a revocation's. */
  private static boolean isRevoked(DecisionRequest request, Decision decision) {
    return decision.reason() == Reason.TOKEN_REVOKED
        || (decision.reason() == Reason.IDENTITY_SUSPENDED
            && request.chain().stream()
                .noneMatch(a -> a.state().status() == IdentityState.Status.suspended));
  }
}
