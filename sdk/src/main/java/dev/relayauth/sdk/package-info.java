/** The client of RelayAuth. */
@NullMarked
package dev.relayauth.sdk;

import org.jspecify.annotations.NullMarked;
