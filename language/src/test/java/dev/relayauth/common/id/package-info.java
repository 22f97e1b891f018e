/** Tests of the source of ids. */
@NullMarked
package dev.relayauth.common.id;

import org.jspecify.annotations.NullMarked;
