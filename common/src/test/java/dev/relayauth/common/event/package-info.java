/** Tests of events as they travel. */
@NullMarked
package dev.relayauth.common.event;

import org.jspecify.annotations.NullMarked;
