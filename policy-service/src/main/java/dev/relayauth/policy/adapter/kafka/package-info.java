/** What this replica knows of identities, roles and policies, from their topics. */
@NullMarked
package dev.relayauth.policy.adapter.kafka;

import org.jspecify.annotations.NullMarked;
