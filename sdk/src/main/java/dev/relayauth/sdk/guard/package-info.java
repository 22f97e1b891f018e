/** Guards for routes: the scope that a caller must have. */
@NullMarked
package dev.relayauth.sdk.guard;

import org.jspecify.annotations.NullMarked;
