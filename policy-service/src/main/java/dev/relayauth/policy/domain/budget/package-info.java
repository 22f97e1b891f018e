/**
 * Budgets: what agents may do and spend, counted so that no cap is ever passed. A ledger in the
 * database is the authority; replicas lease slices of it, so that decisions are made in memory.
 */
@NullMarked
package dev.relayauth.policy.domain.budget;

import org.jspecify.annotations.NullMarked;
