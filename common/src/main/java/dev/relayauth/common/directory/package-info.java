/** What a service knows of organisations, identities and API keys, from memory. */
@NullMarked
package dev.relayauth.common.directory;

import org.jspecify.annotations.NullMarked;
