/** What changed in the set, in order, for those outside who follow it. */
@NullMarked
package dev.relayauth.revocation.domain.feed;

import org.jspecify.annotations.NullMarked;
