/** What a role and a policy may be, and who may write one. */
@NullMarked
package dev.relayauth.policy.domain.administration;

import org.jspecify.annotations.NullMarked;
