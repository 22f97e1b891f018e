@NullMarked
package dev.relayauth.audit.adapter.kafka;

import org.jspecify.annotations.NullMarked;
