/** Requests that wait for a human: what they are bound to, and what may become of them. */
@NullMarked
package dev.relayauth.policy.domain.approval;

import org.jspecify.annotations.NullMarked;
