/** Delegation only ever narrows: scopes, budget, expiry, depth. */
@NullMarked
package dev.relayauth.identity.domain.attenuation;

import org.jspecify.annotations.NullMarked;
