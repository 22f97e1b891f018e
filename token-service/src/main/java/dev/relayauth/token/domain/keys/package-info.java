/** Signing keys: which one signs, which ones are published, how they rest. */
@NullMarked
package dev.relayauth.token.domain.keys;

import org.jspecify.annotations.NullMarked;
