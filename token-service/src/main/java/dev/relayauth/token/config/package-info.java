/** Configuration and wiring. */
@NullMarked
package dev.relayauth.token.config;

import org.jspecify.annotations.NullMarked;
