package dev.relayauth.common.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A revocation entry in full, as it travels on {@code relayauth.revocation.v1}.
 *
 * @param id {@code rev_…}
 * @param orgId the tenant; empty for a signing key
 * @param type the wire name of the kind, such as {@code session}
 * @param targetId what is revoked
 * @param closed whether it kills tokens of any {@code rev}, until an open entry replaces it
 * @param expiresAt after this no token that it kills can still be unexpired
 * @param revision the entry's sequence
 */
public record RevocationState(
    String id,
    String orgId,
    String type,
    String targetId,
    boolean closed,
    @Nullable String reason,
    @Nullable String actorId,
    Instant effectiveAt,
    Instant expiresAt,
    long revision) {}
