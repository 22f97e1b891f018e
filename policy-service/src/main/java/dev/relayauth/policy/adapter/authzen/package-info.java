/** OpenID AuthZEN: the Authorization API 1.0 before the same decision point. */
@NullMarked
package dev.relayauth.policy.adapter.authzen;

import org.jspecify.annotations.NullMarked;
