/** The revocation set: which tokens and credentials are dead. No framework, no clock. */
@NullMarked
package dev.relayauth.common.revocation;

import org.jspecify.annotations.NullMarked;
