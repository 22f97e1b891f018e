/**
 * What the services tell each other: CloudEvents, their topics, and the state each event carries in
 * full.
 */
@NullMarked
package dev.relayauth.common.event;

import org.jspecify.annotations.NullMarked;
