package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.scope.Scope;
import java.util.List;

/**
 * May this subject do that?
 *
 * @param org the caller's organisation
 * @param chain the subject's identity after its ancestors, the topmost agent first; empty when
 *     nobody knows it
 * @param explain whether the decision comes with an explanation; never changes the decision
 */
public record DecisionRequest(
    String org,
    AccessSubject subject,
    List<Agent> chain,
    Scope scope,
    RequestContext context,
    boolean explain) {
  /** Copies the chain. */
  public DecisionRequest {
    chain = List.copyOf(chain);
  }
}
