/** A CI job that gets an agent's token for the identity its CI gives it. */
@NullMarked
package dev.relayauth.examples.ci;

import org.jspecify.annotations.NullMarked;
