/** How far a revocation has got: who has applied it, and who can no longer permit anything. */
@NullMarked
package dev.relayauth.revocation.domain.propagation;

import org.jspecify.annotations.NullMarked;
