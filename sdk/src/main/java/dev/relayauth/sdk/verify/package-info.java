/** Verification of tokens on the customer's side: published keys, and a live revocation feed. */
@NullMarked
package dev.relayauth.sdk.verify;

import org.jspecify.annotations.NullMarked;
