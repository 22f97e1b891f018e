/** The routes over real parts. */
@NullMarked
package dev.relayauth.policy.adapter.http;

import org.jspecify.annotations.NullMarked;
