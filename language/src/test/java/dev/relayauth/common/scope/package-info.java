/** Tests of the scope language. */
@NullMarked
package dev.relayauth.common.scope;

import org.jspecify.annotations.NullMarked;
