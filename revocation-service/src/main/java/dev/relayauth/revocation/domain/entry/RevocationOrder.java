package dev.relayauth.revocation.domain.entry;

import dev.relayauth.common.revocation.Initiator;
import dev.relayauth.common.revocation.RevocationKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A revocation that is to be written.
 *
 * @param subject the agent it acts on, for the audit trail
 * @param actorId who asks
 * @param initiator who that is to the one who loses access
 * @param eventId makes the order idempotent, where another service gives it
 * @param lastKilled when the last token it kills expires, where the caller knows
 */
public record RevocationOrder(
    Target target,
    Closing closing,
    Subject subject,
    @Nullable String reason,
    @Nullable String actorId,
    Initiator initiator,
    @Nullable String eventId,
    @Nullable Instant lastKilled) {

  /** Whether somebody outside asks; what a service needs carries an event's id. */
  public boolean asked() {
    return eventId == null;
  }

  /** An order from outside: it closes nothing and opens nothing, but for signing keys. */
  public static RevocationOrder asked(
      Target target, Subject subject, @Nullable String reason, String actorId) {
    // Whoever has a stolen key can write any `rev`, so a key's entry is always closed.
    Closing closing = target.kind() == RevocationKind.KEY ? Closing.CLOSED : Closing.KEEP;
    Initiator initiator = Initiator.of(actorId, subject.owner(target));
    return new RevocationOrder(
        target, closing, subject, reason, actorId, initiator, null, subject.lastEnd());
  }
}
