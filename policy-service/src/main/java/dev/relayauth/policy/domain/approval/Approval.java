package dev.relayauth.policy.domain.approval;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for a human, or what a human said of it.
 *
 * @param identityId who wants to act
 * @param scope what it wants to do
 * @param context what it said about the action, as it first asked
 * @param policyId the policy that wants a human
 * @param expiresAt until when it can be answered, and once approved, until when it can be used
 * @param decisionId the decision that it let through
 * @param credentialId the API key out of which came the token of who answered; null for who signed
 *     in
 */
public record Approval(
    String orgId,
    String id,
    String identityId,
    @Nullable String workspaceId,
    String scope,
    Map<String, Object> context,
    String requestHash,
    @Nullable String policyId,
    Status status,
    Instant createdAt,
    Instant expiresAt,
    @Nullable String decidedBy,
    @Nullable Instant decidedAt,
    @Nullable String comment,
    @Nullable Instant usedAt,
    @Nullable String decisionId,
    @Nullable String credentialId) {

  /** Copies the context. */
  public Approval {
    context = Map.copyOf(context);
  }

  /** Where an approval stands; spelled as on the wire. */
  public enum Status {
    /** Nobody has answered yet. */
    pending,
    /** A human agrees; the same request passes once. */
    approved,
    /** A human refuses. */
    rejected,
    /** The request has passed. */
    used,
    /** Too late for anything. */
    expired;

    /** Reads the name. */
    public static Optional<Status> of(String name) {
      for (Status status : values()) {
        if (status.name().equals(name)) {
          return Optional.of(status);
        }
      }
      return Optional.empty();
    }

    /** Whether something may still come of it. */
    public boolean isOpen() {
      return switch (this) {
        case pending, approved -> true;
        case rejected, used, expired -> false;
      };
    }
  }

  /** As it stands at a moment: what is open and late has expired, whether anyone saw it or not. */
  public Status statusAt(Instant now) {
    return status.isOpen() && !now.isBefore(expiresAt) ? Status.expired : status;
  }
}
