/** Which transitions of an identity are legal. */
@NullMarked
package dev.relayauth.identity.domain.lifecycle;

import org.jspecify.annotations.NullMarked;
