/** Searches over HTTP, ours and AuthZEN's. */
@NullMarked
package dev.relayauth.policy.adapter.search;

import org.jspecify.annotations.NullMarked;
