/** Audit records in the words of the Open Cybersecurity Schema Framework. */
@NullMarked
package dev.relayauth.audit.domain.ocsf;

import org.jspecify.annotations.NullMarked;
