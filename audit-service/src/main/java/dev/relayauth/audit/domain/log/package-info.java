/** The log: its entries, how they are asked for, and how they get in. */
@NullMarked
package dev.relayauth.audit.domain.log;

import org.jspecify.annotations.NullMarked;
