/** Addresses of the network. No framework. */
@NullMarked
package dev.relayauth.common.net;

import org.jspecify.annotations.NullMarked;
