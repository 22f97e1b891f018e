/** What the identity service does about the events of others. */
@NullMarked
package dev.relayauth.identity.adapter.kafka;

import org.jspecify.annotations.NullMarked;
