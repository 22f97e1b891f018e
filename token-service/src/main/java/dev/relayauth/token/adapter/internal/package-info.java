/** What this service has others do. */
@NullMarked
package dev.relayauth.token.adapter.internal;

import org.jspecify.annotations.NullMarked;
