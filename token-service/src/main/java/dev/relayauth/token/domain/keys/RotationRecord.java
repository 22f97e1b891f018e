package dev.relayauth.token.domain.keys;

import dev.relayauth.common.event.AuditRecord;

/** Tells of a new key; what it makes commits together with the key. */
@FunctionalInterface
public interface RotationRecord {
  /** The audit record of the key named {@code kid}. */
  AuditRecord of(String kid);
}
