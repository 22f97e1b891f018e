/** Decisions derived again: from what was recorded of them, or under rules that are only tried. */
@NullMarked
package dev.relayauth.policy.domain.replay;

import org.jspecify.annotations.NullMarked;
