/** Figures of an organisation. */
@NullMarked
package dev.relayauth.audit.domain.statistics;

import org.jspecify.annotations.NullMarked;
