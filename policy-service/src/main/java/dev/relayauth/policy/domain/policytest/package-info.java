/** Cases that an organisation keeps beside its policies: what must stay allowed, what denied. */
@NullMarked
package dev.relayauth.policy.domain.policytest;

import org.jspecify.annotations.NullMarked;
