/** Secrets at rest. */
@NullMarked
package dev.relayauth.common.secret;

import org.jspecify.annotations.NullMarked;
