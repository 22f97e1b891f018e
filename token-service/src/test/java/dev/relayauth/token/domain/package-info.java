/** Tests. */
@NullMarked
package dev.relayauth.token.domain;

import org.jspecify.annotations.NullMarked;
