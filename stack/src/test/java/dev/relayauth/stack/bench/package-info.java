/** What bench does, without a stack. */
@NullMarked
package dev.relayauth.stack.bench;

import org.jspecify.annotations.NullMarked;
