package dev.relayauth.common.event;

import java.time.Instant;

/** A workspace in full; its id is unique within its organisation only. */
public record WorkspaceState(
    String orgId, String id, String name, Instant createdAt, Instant updatedAt, long revision) {}
