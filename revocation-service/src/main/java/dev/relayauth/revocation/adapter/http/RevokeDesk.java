package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Revocation;
import dev.relayauth.revocation.domain.entry.RevocationOrder;
import dev.relayauth.revocation.domain.entry.Revocations;
import dev.relayauth.revocation.domain.entry.Subject;
import dev.relayauth.revocation.domain.entry.Target;
import dev.relayauth.revocation.domain.entry.Targets;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every public route that revokes does: it exists, it is the caller's, it is written. */
@Singleton
final class RevokeDesk {
  private final Targets targets;
  private final Revocations revocations;
  private final AgentReach reach;
  private final CurrentRequest request;

  RevokeDesk(Targets targets, Revocations revocations, AgentReach reach, CurrentRequest request) {
    this.targets = targets;
    this.revocations = revocations;
    this.reach = reach;
    this.request = request;
  }

  /** Revokes a target of the caller, or refuses with 404 or, an agent, with 403. Blocks. */
  Revocation revoke(Target target, @Nullable String reason) {
    Caller caller = request.caller();
    Subject subject = targets.find(target).orElseThrow(() -> unknown(target));
    if (caller instanceof Caller.Tenant tenant) {
      reach.requireBelow(tenant, target, subject);
    }
    Revocation entry =
        revocations.write(RevocationOrder.asked(target, subject, reason, caller.actorId()));
    request.wrote(entry.seq());
    return entry;
  }

  /** Refuses an agent that would take back what it did not ask for itself, of one under it. */
  void requireWithdrawable(Revocation entry) {
    if (request.caller() instanceof Caller.Tenant tenant) {
      Target target = entry.target();
      boolean isIdentity = target.kind() == RevocationKind.IDENTITY;
      reach.requireWithdrawable(
          tenant,
          String.valueOf(entry.actorId()),
          isIdentity
              ? targets.find(target).map(Subject::sponsorChain).orElse(List.of(target.id()))
              : List.of(target.id()));
    }
  }

  /** Refuses an organisation in the body that is not the credential's. */
  void checkOrganization(@Nullable String named, String own) {
    if (named != null && !named.equals(own)) {
      throw new RefusedException(
          ErrorCode.ORG_MISMATCH, "orgId is not the organisation of the credential");
    }
  }

  static RefusedException unknown(Target target) {
    ErrorCode code =
        switch (target.kind()) {
          case TOKEN -> ErrorCode.TOKEN_NOT_FOUND;
          case IDENTITY -> ErrorCode.IDENTITY_NOT_FOUND;
          default -> ErrorCode.NOT_FOUND;
        };
    return new RefusedException(code, "there is no such " + target.kind().wireName());
  }
}
