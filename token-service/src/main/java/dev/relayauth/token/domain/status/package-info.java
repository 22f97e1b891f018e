/** Token Status Lists (draft-ietf-oauth-status-list). */
@NullMarked
package dev.relayauth.token.domain.status;

import org.jspecify.annotations.NullMarked;
