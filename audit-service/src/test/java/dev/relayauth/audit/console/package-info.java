/** The console's files. */
@NullMarked
package dev.relayauth.audit.console;

import org.jspecify.annotations.NullMarked;
