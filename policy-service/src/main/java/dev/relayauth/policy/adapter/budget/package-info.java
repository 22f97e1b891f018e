/** The ledger of budgets in PostgreSQL, and the escrow that leases from it. */
@NullMarked
package dev.relayauth.policy.adapter.budget;

import org.jspecify.annotations.NullMarked;
