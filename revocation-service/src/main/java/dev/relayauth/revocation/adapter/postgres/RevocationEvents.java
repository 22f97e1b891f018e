package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.outbox.OutboxEvent;
import dev.relayauth.revocation.domain.entry.Target;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The events of {@code relayauth.revocation.v1}, without their payload. */
@Singleton
final class RevocationEvents {
  private static final String SOURCE = "/relayauth/revocation";
  private static final String ENTITY = "revocation";

  private final IdSource ids;

  RevocationEvents(IdSource ids) {
    this.ids = ids;
  }

  /** An entry came into force. */
  OutboxEvent created(Target target, String revocationId, Instant at, @Nullable String trace) {
    return event(key(target), "created", revocationId, at, trace);
  }

  /** An entry can kill nothing any more; its payload is a tombstone. */
  OutboxEvent expired(Target target, String revocationId, Instant at) {
    return event(key(target), "expired", revocationId, at, null);
  }

  /** How far the feed is, which compaction would forget with the tombstones. */
  OutboxEvent head(Instant at) {
    return event(RevocationProjection.HEAD_KEY, "advanced", "head", at, null);
  }

  private OutboxEvent event(
      String key, String pastTense, String subject, Instant at, @Nullable String trace) {
    return new OutboxEvent(
        Topics.REVOCATION,
        key,
        ids.next(IdPrefix.EVENT),
        SOURCE,
        CloudEvent.type(ENTITY, pastTense),
        subject,
        at,
        trace);
  }

  /** The name of a target: the key of its events, and of the lock that its writers take. */
  static String key(Target target) {
    return CloudEvent.key(target.org(), target.kind().wireName(), target.id());
  }
}
