/**
 * Real PostgreSQL and Kafka for a module's tests, and stand-ins on the wire for the other services.
 */
@NullMarked
package dev.relayauth.testing;

import org.jspecify.annotations.NullMarked;
