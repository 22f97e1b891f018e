/** The routes of the policy service. */
@NullMarked
package dev.relayauth.policy.adapter.http;

import org.jspecify.annotations.NullMarked;
