/** Asks other services. */
@NullMarked
package dev.relayauth.audit.adapter.internal;

import org.jspecify.annotations.NullMarked;
