/** Starts, watches and stops every process of the stack. */
@NullMarked
package dev.relayauth.stack.launcher;

import org.jspecify.annotations.NullMarked;
