/** Projections of compacted topics: caught up before ready, waited for by revision. */
@NullMarked
package dev.relayauth.common.projection;

import org.jspecify.annotations.NullMarked;
