/** Tests. */
@NullMarked
package dev.relayauth.common.directory;

import org.jspecify.annotations.NullMarked;
