/** The commands that call the API. */
@NullMarked
package dev.relayauth.cli;

import org.jspecify.annotations.NullMarked;
