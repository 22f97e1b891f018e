/** Benchmarks of the running stack, each beside a bare echo in the same run. */
@NullMarked
package dev.relayauth.stack.bench;

import org.jspecify.annotations.NullMarked;
