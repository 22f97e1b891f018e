package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.event.IdentityState;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of the moment of an issue.
 *
 * @param ip the address that asks, as the gateway saw it
 */
public record Circumstances(IdentityState identity, Instant time, Optional<String> ip) {}
