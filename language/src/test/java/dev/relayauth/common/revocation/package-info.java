/** Tests of the revocation set. */
@NullMarked
package dev.relayauth.common.revocation;

import org.jspecify.annotations.NullMarked;
