/** Credentials presented to our own API and who they turn out to be. */
@NullMarked
package dev.relayauth.common.credential;

import org.jspecify.annotations.NullMarked;
