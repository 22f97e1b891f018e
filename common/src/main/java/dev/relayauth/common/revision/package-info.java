/** Relay-Revision: which writes a reader must have seen. */
@NullMarked
package dev.relayauth.common.revision;

import org.jspecify.annotations.NullMarked;
