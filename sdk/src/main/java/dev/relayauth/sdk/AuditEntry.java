package dev.relayauth.sdk;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line of the audit trail, with the chain back to the human. */
public record AuditEntry(
    String id,
    String action,
    @Nullable String identityId,
    String orgId,
    @Nullable String workspaceId,
    @Nullable String plane,
    @Nullable String resource,
    String result,
    @Nullable String sponsorId,
    List<String> sponsorChain,
    Map<String, String> metadata,
    @Nullable String ip,
    @Nullable String userAgent,
    @Nullable String requestId,
    Instant timestamp,
    @Nullable Instant createdAt) {}
