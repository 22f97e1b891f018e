package dev.relayauth.audit.domain.log;

import dev.relayauth.common.event.AuditRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of an organisation are asked for; what is null doesn't matter.
 *
 * @param sponsorId everything under that human
 * @param from the first moment
 * @param to the moment after the last
 * @param sessionId the {@code sid} of the tokens it was about
 */
public record AuditFilter(
    @Nullable String identityId,
    @Nullable String action,
    @Nullable String workspaceId,
    @Nullable String plane,
    AuditRecord.@Nullable Result result,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String sponsorId,
    @Nullable String tokenId,
    @Nullable String sessionId) {
  /** Everything. */
  public static final AuditFilter ALL =
      new AuditFilter(null, null, null, null, null, null, null, null, null, null);

  /** Everything about one agent. */
  public static AuditFilter ofIdentity(String id) {
    return new AuditFilter(id, null, null, null, null, null, null, null, null, null);
  }

  /** Everything that happened in one session. */
  public static AuditFilter ofSession(String sid) {
    return new AuditFilter(null, null, null, null, null, null, null, null, null, sid);
  }
}
