/** One base URL in front of the five services. */
@NullMarked
package dev.relayauth.stack.gateway;

import org.jspecify.annotations.NullMarked;
