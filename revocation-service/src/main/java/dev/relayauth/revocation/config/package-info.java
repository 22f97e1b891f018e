/** Wiring. */
@NullMarked
package dev.relayauth.revocation.config;

import org.jspecify.annotations.NullMarked;
