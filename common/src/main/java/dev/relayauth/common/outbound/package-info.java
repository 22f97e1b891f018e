/** Messages to receivers that an organisation names: never to where it could not go itself. */
@NullMarked
package dev.relayauth.common.outbound;

import org.jspecify.annotations.NullMarked;
