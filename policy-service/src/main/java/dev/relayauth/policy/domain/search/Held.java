package dev.relayauth.policy.domain.search;

import dev.relayauth.common.scope.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A scope that an identity holds.
 *
 * @param via {@code direct}, {@code role} or {@code inherited} when an ancestor narrowed it
 * @param role the role that holds it
 */
public record Held(Scope scope, String via, @Nullable String role) {}
