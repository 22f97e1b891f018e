/** What can be revoked, by whom, and for how long an entry stays. */
@NullMarked
package dev.relayauth.revocation.domain.entry;

import org.jspecify.annotations.NullMarked;
