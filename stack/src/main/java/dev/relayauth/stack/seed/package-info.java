/** The first organisation, workspace, sponsor and administrator. */
@NullMarked
package dev.relayauth.stack.seed;

import org.jspecify.annotations.NullMarked;
