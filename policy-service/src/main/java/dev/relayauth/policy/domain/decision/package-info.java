/**
 * Whether a subject may do something: deny first, the same answer for the same inputs, explained on
 * request. Plain Java over an immutable snapshot.
 */
@NullMarked
package dev.relayauth.policy.domain.decision;

import org.jspecify.annotations.NullMarked;
