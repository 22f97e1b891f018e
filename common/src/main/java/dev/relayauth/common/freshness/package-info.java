/** How a reader proves that what it holds is recent enough to permit anything. */
@NullMarked
package dev.relayauth.common.freshness;

import org.jspecify.annotations.NullMarked;
