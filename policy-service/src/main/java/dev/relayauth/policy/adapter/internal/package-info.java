/** What the policy service asks of its peers. */
@NullMarked
package dev.relayauth.policy.adapter.internal;

import org.jspecify.annotations.NullMarked;
