/** Security Event Tokens on their way to receivers. */
@NullMarked
package dev.relayauth.revocation.adapter.signal;

import org.jspecify.annotations.NullMarked;
