/** The one JSON configuration: strict types, bounded sizes, no duplicate members. */
@NullMarked
package dev.relayauth.common.json;

import org.jspecify.annotations.NullMarked;
