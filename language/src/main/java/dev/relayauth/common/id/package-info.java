/** Identifiers: their prefixes, and where new ones come from. */
@NullMarked
package dev.relayauth.common.id;

import org.jspecify.annotations.NullMarked;
