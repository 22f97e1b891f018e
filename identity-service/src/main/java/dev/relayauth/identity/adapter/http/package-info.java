/** The public routes of the identity service. */
@NullMarked
package dev.relayauth.identity.adapter.http;

import org.jspecify.annotations.NullMarked;
