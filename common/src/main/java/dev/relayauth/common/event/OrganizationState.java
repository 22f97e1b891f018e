package dev.relayauth.common.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An organisation in full.
 *
 * @param signingAlgorithm {@code EdDSA}, {@code ES256} or {@code RS256}
 * @param settings lifetimes, retention and rate limits that the organisation chose
 * @param revision the sequence of the event that carries this state
 */
public record OrganizationState(
    String id,
    String name,
    @Nullable String email,
    String signingAlgorithm,
    OrganizationSettings settings,
    Instant createdAt,
    Instant updatedAt,
    long revision) {}
