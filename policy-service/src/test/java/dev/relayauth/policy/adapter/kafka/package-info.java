/** Tests of the projections. */
@NullMarked
package dev.relayauth.policy.adapter.kafka;

import org.jspecify.annotations.NullMarked;
