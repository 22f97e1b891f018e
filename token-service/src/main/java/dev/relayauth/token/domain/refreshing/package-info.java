/** Refresh families: rotation, honest retries, and replays. */
@NullMarked
package dev.relayauth.token.domain.refreshing;

import org.jspecify.annotations.NullMarked;
