/** The whole of RelayAuth on one machine. */
@NullMarked
package dev.relayauth.stack;

import org.jspecify.annotations.NullMarked;
