package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.audit.OnBehalf;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A role that is to be given or taken away.
 *
 * @param scopes what the role gives
 * @param proposed the record of it, by the service that has checked the caller
 */
public record RoleChange(
    String org,
    String id,
    String roleId,
    boolean add,
    List<String> scopes,
    AuditRecord proposed,
    @Nullable String traceparent) {

  /** Copies the scopes; refuses a record of anything else than this change. */
  public RoleChange {
    scopes = List.copyOf(scopes);
    boolean fits =
        proposed.action().equals(add ? "role.assigned" : "role.removed")
            && proposed.orgId().equals(org)
            && id.equals(proposed.identityId());
    if (!fits) {
      throw new RefusedException(
          ErrorCode.VALIDATION_FAILED, "the audit record is not of this change");
    }
  }

  OnBehalf author() {
    return new OnBehalf(
        proposed.metadata().getOrDefault("actorId", "policy"),
        proposed.ip(),
        proposed.userAgent(),
        proposed.requestId(),
        traceparent);
  }

  /** The record, with the chain as the owner of the identity knows it. */
  AuditRecord auditRecord(IdentityState now) {
    return new AuditRecord(
        proposed.id(),
        proposed.action(),
        now.id(),
        now.orgId(),
        now.workspaceId(),
        proposed.plane(),
        proposed.resource(),
        proposed.result(),
        now.sponsorChain().getFirst(),
        now.sponsorChain(),
        proposed.metadata(),
        proposed.ip(),
        proposed.userAgent(),
        proposed.requestId(),
        proposed.traceId(),
        proposed.tokenId(),
        proposed.timestamp());
  }
}
