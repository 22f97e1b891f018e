/** Shared signals for receivers outside (OpenID SSF 1.0, CAEP 1.0). */
@NullMarked
package dev.relayauth.revocation.domain.signal;

import org.jspecify.annotations.NullMarked;
