/** The console, as files. */
@NullMarked
package dev.relayauth.audit.adapter.http.console;

import org.jspecify.annotations.NullMarked;
