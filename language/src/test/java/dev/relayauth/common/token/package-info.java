/** Tests of the tokens. */
@NullMarked
package dev.relayauth.common.token;

import org.jspecify.annotations.NullMarked;
