/** Token exchange (RFC 8693): who may act for whom, and with how much. */
@NullMarked
package dev.relayauth.token.domain.exchanging;

import org.jspecify.annotations.NullMarked;
