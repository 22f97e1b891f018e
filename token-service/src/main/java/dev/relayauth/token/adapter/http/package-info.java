/** The routes of the token service. */
@NullMarked
package dev.relayauth.token.adapter.http;

import org.jspecify.annotations.NullMarked;
