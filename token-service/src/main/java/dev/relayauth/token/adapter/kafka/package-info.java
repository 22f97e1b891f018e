/** What the token service knows of identities and organisations. */
@NullMarked
package dev.relayauth.token.adapter.kafka;

import org.jspecify.annotations.NullMarked;
