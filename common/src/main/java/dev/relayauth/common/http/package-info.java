/** The HTTP edge every service shares: credentials, errors, request ids, revisions, validation. */
@NullMarked
package dev.relayauth.common.http;

import org.jspecify.annotations.NullMarked;
