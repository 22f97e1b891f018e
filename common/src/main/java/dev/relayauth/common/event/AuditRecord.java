package dev.relayauth.common.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the audit log, as it travels on {@code relayauth.audit.v1}.
 *
 * @param id {@code aud_…}, made where the record is made
 * @param action such as {@code token.issued}
 * @param identityId the agent acted on; for the use of a bearer, the agent itself
 * @param sponsorChain first the human, last the identity
 * @param metadata strings only; {@code actorId} names the caller
 * @param timestamp when it happened
 */
public record AuditRecord(
    String id,
    String action,
    @Nullable String identityId,
    String orgId,
    @Nullable String workspaceId,
    @Nullable String plane,
    @Nullable String resource,
    Result result,
    @Nullable String sponsorId,
    List<String> sponsorChain,
    Map<String, String> metadata,
    @Nullable String ip,
    @Nullable String userAgent,
    @Nullable String requestId,
    @Nullable String traceId,
    @Nullable String tokenId,
    Instant timestamp) {

  /** Copies the collections. */
  public AuditRecord {
    sponsorChain = List.copyOf(sponsorChain);
    metadata = Map.copyOf(metadata);
  }

  /** How it ended; spelled as on the wire. */
  public enum Result {
    allowed,
    denied,
    error
  }

  /** The CloudEvents subject: the identity that it is about, or the organisation. */
  public String subject() {
    return identityId == null ? orgId : identityId;
  }

  /** The CloudEvents type: {@code token.issued} is {@code dev.relayauth.token.issued.v1}. */
  public String eventType() {
    int dot = action.indexOf('.');
    return CloudEvent.type(action.substring(0, dot), action.substring(dot + 1));
  }
}
