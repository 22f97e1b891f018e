/** The offline verifier: a command of its own, which needs no service and no network. */
@NullMarked
package dev.relayauth.audit.verify;

import org.jspecify.annotations.NullMarked;
