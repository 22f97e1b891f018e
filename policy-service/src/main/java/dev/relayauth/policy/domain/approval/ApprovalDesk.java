package dev.relayauth.policy.domain.approval;

import dev.relayauth.common.scope.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where requests that need a human are left, and taken up again. Blocking. */
public interface ApprovalDesk {
  /**
   * A request that a policy wants a human to see.
   *
   * @param decisionId the decision that is being made about it
   */
  record Request(
      String org,
      String identityId,
      List<String> sponsorChain,
      @Nullable String workspaceId,
      Scope scope,
      Map<String, Object> context,
      @Nullable String policyId,
      String decisionId,
      @Nullable String trace) {
    /** What its approval is bound to. */
    public String hash() {
      return RequestHash.of(org, identityId, scope.raw(), context);
    }
  }

  /** What the desk says of a request. */
  sealed interface Outcome {
    /** A human approved it, and nothing has passed by that yet. */
    record Approved(Approval approval) implements Outcome {}

    /** It waits for a human, or one has refused it. */
    record Waits(Approval approval) implements Outcome {}

    /** The agent has too much waiting already; nobody is asked. */
    record Overrun() implements Outcome {}
  }

  /**
   * What stands about exactly this request; leaves it for a human when nothing does. Uses nothing.
   */
  Outcome present(Request request);

  /** Uses the approval of exactly this request, once whatever the replica; empty if it is gone. */
  Optional<Approval> use(Request request);
}
