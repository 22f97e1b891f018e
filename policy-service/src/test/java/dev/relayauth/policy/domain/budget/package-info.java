/** Tests of budgets without a database. */
@NullMarked
package dev.relayauth.policy.domain.budget;

import org.jspecify.annotations.NullMarked;
