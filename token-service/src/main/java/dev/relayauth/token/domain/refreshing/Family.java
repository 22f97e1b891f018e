package dev.relayauth.token.domain.refreshing;

import dev.relayauth.token.domain.issuing.IssuedToken;
import dev.relayauth.token.domain.issuing.Session;
import java.time.Instant;
import java.util.Optional;

/**
 * A session as a presented refresh token finds it, locked against every other refresh of it.
 *
 * @param revoked whether the session was ended
 * @param authenticated whether it was ever refreshed with its client's authentication
 * @param presented the pair whose refresh token is presented
 * @param usedAt when that refresh token was used first
 * @param successor the pair that replaced it
 * @param successorUsed whether the successor's refresh token has been used
 */
public record Family(
    Session session,
    boolean revoked,
    boolean authenticated,
    IssuedToken presented,
    Optional<Instant> usedAt,
    Optional<IssuedToken> successor,
    boolean successorUsed) {}
