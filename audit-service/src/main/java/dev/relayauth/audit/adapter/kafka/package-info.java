/** The audit topic, read exactly once, and the identity topic. */
@NullMarked
package dev.relayauth.audit.adapter.kafka;

import org.jspecify.annotations.NullMarked;
