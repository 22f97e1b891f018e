/** The routes and calls between this service and the others. */
@NullMarked
package dev.relayauth.identity.adapter.internal;

import org.jspecify.annotations.NullMarked;
