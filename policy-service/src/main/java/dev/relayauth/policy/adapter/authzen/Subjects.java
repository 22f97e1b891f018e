package dev.relayauth.policy.adapter.authzen;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.token.Verification;
import dev.relayauth.policy.domain.search.AgentDirectory;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Whom a peer speaks of. Nothing that its properties say counts, but a {@code token}, which is
 * verified; without one, an agent that asks about itself has presented its own.
 */
@Singleton
final class Subjects {
  private final AgentDirectory directory;

  Subjects(AgentDirectory directory) {
    this.directory = directory;
  }

  /** The identity's id: the one that has it, or the one that peers call so. */
  String identityId(String org, String id) {
    return directory.chain(org, id).isPresent() ? id : directory.byExternalId(org, id).orElse(id);
  }

  /** The token that is presented for the subject; null when there is none. */
  static @Nullable String token(
      Entity subject, String identityId, Caller.Tenant caller, @Nullable String bearer) {
    String sent = subject.text("token");
    if (sent != null) {
      return sent;
    }
    boolean itself = caller instanceof Caller.Bearer && caller.actorId().equals(identityId);
    return itself ? bearer : null;
  }

  /** A token says nothing about anyone but its own subject. */
  static Verification own(Verification.Valid token, String identityId) {
    return token.claims().sub().equals(identityId)
        ? token
        : new Verification.Invalid(Verification.Reason.CLAIMS, "the token is not the subject's");
  }
}
