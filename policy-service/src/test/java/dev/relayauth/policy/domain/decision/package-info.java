/** Decisions against a slow evaluator and golden cases. */
@NullMarked
package dev.relayauth.policy.domain.decision;

import org.jspecify.annotations.NullMarked;
