/** What may be told of a token sent as data. */
@NullMarked
package dev.relayauth.token.domain.introspection;

import org.jspecify.annotations.NullMarked;
