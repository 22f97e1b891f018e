package dev.relayauth.token.adapter;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.testing.World;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records as the code under test would make them. */
final class AuditDrafts {
  private AuditDrafts() {}

  static AuditRecord rotated(String kid) {
    return new AuditRecord(
        World.get().id(IdPrefix.AUDIT),
        "key.rotated",
        null,
        "platform",
        null,
        null,
        null,
        AuditRecord.Result.allowed,
        null,
        List.of(),
        Map.of("kid", kid),
        null,
        null,
        null,
        null,
        null,
        Instant.now());
  }
}
