/** How records leave the log, and what stays of them: their place and hash in the tree. */
@NullMarked
package dev.relayauth.audit.domain.removal;

import org.jspecify.annotations.NullMarked;
