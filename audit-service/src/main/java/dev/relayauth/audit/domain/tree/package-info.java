/** The hash tree of an organisation's log (RFC 6962 §2.1), its checkpoints and proofs. */
@NullMarked
package dev.relayauth.audit.domain.tree;

import org.jspecify.annotations.NullMarked;
