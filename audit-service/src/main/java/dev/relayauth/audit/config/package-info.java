/** Wiring. */
@NullMarked
package dev.relayauth.audit.config;

import org.jspecify.annotations.NullMarked;
