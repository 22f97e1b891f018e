/** Tests. */
@NullMarked
package dev.relayauth.token.adapter.postgres;

import org.jspecify.annotations.NullMarked;
