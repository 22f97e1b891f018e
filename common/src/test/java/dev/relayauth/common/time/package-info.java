/** Tests. */
@NullMarked
package dev.relayauth.common.time;

import org.jspecify.annotations.NullMarked;
