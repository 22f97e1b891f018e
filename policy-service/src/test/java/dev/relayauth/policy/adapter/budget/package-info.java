/** Tests of the ledger and the escrow on the real database. */
@NullMarked
package dev.relayauth.policy.adapter.budget;

import org.jspecify.annotations.NullMarked;
