/** What roles and policies may be. */
@NullMarked
package dev.relayauth.policy.domain.administration;

import org.jspecify.annotations.NullMarked;
