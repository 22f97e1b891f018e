/** The routes, and the questions to other services. */
@NullMarked
package dev.relayauth.revocation.adapter.http;

import org.jspecify.annotations.NullMarked;
