/** How the policy service is put together. */
@NullMarked
package dev.relayauth.policy.config;

import org.jspecify.annotations.NullMarked;
