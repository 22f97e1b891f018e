package dev.relayauth.sdk;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent, human or service.
 *
 * @param status {@code active}, {@code suspended} or {@code retired}
 * @param roles ids of roles
 * @param sponsorChain ids from the human who answers for it to itself
 */
public record Identity(
    String id,
    String name,
    String type,
    String orgId,
    @Nullable String workspaceId,
    String status,
    @Nullable List<String> scopes,
    List<String> roles,
    Map<String, String> metadata,
    String sponsorId,
    List<String> sponsorChain,
    @Nullable Budget budget,
    @Nullable Instant suspendedAt,
    @Nullable String suspendReason,
    Instant createdAt,
    Instant updatedAt) {}
