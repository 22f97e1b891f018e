/** The error codes a client may rely on. */
@NullMarked
package dev.relayauth.common.error;

import org.jspecify.annotations.NullMarked;
