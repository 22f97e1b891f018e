/** Wiring of the identity service. */
@NullMarked
package dev.relayauth.identity.config;

import org.jspecify.annotations.NullMarked;
