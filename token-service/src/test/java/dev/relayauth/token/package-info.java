/** Tests. */
@NullMarked
package dev.relayauth.token;

import org.jspecify.annotations.NullMarked;
