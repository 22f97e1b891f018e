/** Tests. */
@NullMarked
package dev.relayauth.token.adapter;

import org.jspecify.annotations.NullMarked;
