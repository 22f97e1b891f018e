package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.scope.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * May this subject do that?
 *
 * @param org the caller's organisation
 * @param chain the subject's identity after its ancestors, the topmost agent first; empty when
 *     nobody knows it
 * @param explain whether the decision comes with an explanation; never changes the decision
 * @param approvalId the approval that this request passes by, once a human has given it
 */
public record DecisionRequest(
    String org,
    AccessSubject subject,
    List<Agent> chain,
    Scope scope,
    RequestContext context,
    boolean explain,
    @Nullable String approvalId) {
  /** Copies the chain. */
  public DecisionRequest {
    chain = List.copyOf(chain);
  }

  /** A question that no human has answered yet. */
  public DecisionRequest(
      String org,
      AccessSubject subject,
      List<Agent> chain,
      Scope scope,
      RequestContext context,
      boolean explain) {
    this(org, subject, chain, scope, context, explain, null);
  }

  /** The same question, approved. */
  public DecisionRequest approvedBy(String id) {
    return new DecisionRequest(org, subject, chain, scope, context, explain, id);
  }

  /** The agents that act for the subject, each after its ancestors. */
  public List<List<Agent>> actors() {
    return subject instanceof AccessSubject.Bearer bearer ? bearer.actors() : List.of();
  }

  /** Whether nothing may come of it but an answer: nothing is presented, or only explained. */
  public boolean isDry() {
    return explain || !(subject instanceof AccessSubject.Bearer);
  }
}
