/** Calls between services: service tokens and the client that presents them. */
@NullMarked
package dev.relayauth.common.internal;

import org.jspecify.annotations.NullMarked;
