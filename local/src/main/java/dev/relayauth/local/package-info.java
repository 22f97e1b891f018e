/**
 * A real PostgreSQL and a real Kafka broker for one machine, as child processes with durable data.
 */
@NullMarked
package dev.relayauth.local;

import org.jspecify.annotations.NullMarked;
