/** Audit records that leave without a transaction: decisions and uses of credentials. */
@NullMarked
package dev.relayauth.common.audit;

import org.jspecify.annotations.NullMarked;
