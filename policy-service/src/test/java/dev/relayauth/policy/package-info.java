/** The policy service as a whole. */
@NullMarked
package dev.relayauth.policy;

import org.jspecify.annotations.NullMarked;
