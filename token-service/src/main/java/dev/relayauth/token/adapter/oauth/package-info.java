/** The OAuth 2.1 endpoints: one class a grant, errors by RFC 6749 §5.2. */
@NullMarked
package dev.relayauth.token.adapter.oauth;

import org.jspecify.annotations.NullMarked;
